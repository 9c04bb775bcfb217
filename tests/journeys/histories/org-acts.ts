/** People move between branches and lose and gain roles, at the endpoint and in the model alike. */
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { branchId } from '../../support/endpoint.ts'
import { todayOf } from './org-model.ts'
import { nextId, type Owner, type World } from './world.ts'

const BRANCHES = ['第一支部', '第二支部'].map(branchId)

async function move(world: World, owner: Owner): Promise<void> {
  const { hall, org } = world
  const person = org.people.get(owner.personId)!
  const today = todayOf(hall.clock.now())
  const branches = person.memberships.filter((m) => BRANCHES.includes(m.unitId) && m.to === null)
  const from = branches[0]
  if (from === undefined) return
  for (const membership of branches) {
    membership.to = today
    membership.fields = { ...membership.fields, to: today }
    await hall.put('membership', membership.id, membership.fields as JsonObject)
  }
  const unitId = BRANCHES.find((id) => id !== from.unitId)!
  const fields = { ...from.fields, unitId, from: today, to: null }
  const id = nextId(world)
  person.memberships.push({ id, unitId, from: today, to: null, fields })
  await hall.put('membership', id, fields as JsonObject)
}

async function changeRole(world: World, owner: Owner, gains: boolean): Promise<void> {
  const { hall, org } = world
  const person = org.people.get(owner.personId)!
  const today = todayOf(hall.clock.now())
  if (!gains) {
    for (const role of person.roles.filter((r) => r.to === null)) {
      role.to = today
      role.fields = { ...role.fields, to: today }
      await hall.put('role', role.id, role.fields as JsonObject)
    }
    return
  }
  const home = person.memberships.find((m) => BRANCHES.includes(m.unitId) && m.to === null)
  if (home === undefined) return
  const words = { role: 'branch-officer', title: '支部委员' }
  const fields = { personId: owner.personId, unitId: home.unitId, name: '', ...words, from: today, to: null }
  const id = nextId(world)
  person.roles.push({ id, unitId: home.unitId, from: today, to: null, ...words, fields })
  await hall.put('role', id, fields)
}

function changedOrg(world: World, personId: string): void {
  world.changed.add(personId)
  // What is on its way may meet the old rights or the new ones.
  for (const one of world.written)
    if (one.personId === personId && one.type !== 'opinion') one.fate = 'either'
}

export async function playOrg(
  world: World,
  owner: Owner,
  what: 'moves' | 'loses-role' | 'gains-role',
): Promise<void> {
  changedOrg(world, owner.personId)
  if (what === 'moves') await move(world, owner)
  else await changeRole(world, owner, what === 'gains-role')
}
