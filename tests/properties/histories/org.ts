/** What changes in the bureau while phones are away, and the plain rule of who may read what. */
import { civilDate } from '../../../src/shared/civil-time.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { lessonFields, meetingFields, membershipFields, roleFields } from '../../support/memory/bureau.ts'
import type { World } from '../../support/memory/world.ts'
import type { OrgChange } from './acts.ts'
import { NEWER_FIELDS } from './model.ts'

type Change = (world: World, today: string) => Promise<unknown>

const text = (world: World): string => world.newId('text')

const CHANGES: Record<OrgChange, Change> = {
  'lin-moves': async (world, today) => {
    await world.put('membership', 'lin-a', membershipFields('lin', 'a', today))
    await world.put('membership', 'lin-b', membershipFields('lin', 'b'))
  },
  'lin-returns': async (world, today) => {
    await world.put('membership', 'lin-a', membershipFields('lin', 'a'))
    await world.put('membership', 'lin-b', membershipFields('lin', 'b', today))
  },
  'wu-loses-role': (world, today) =>
    world.put('role', 'wu-officer', roleFields('wu', 'a', 'branch-officer', { to: today })),
  'wu-gains-role': (world) => world.put('role', 'wu-officer', roleFields('wu', 'a', 'branch-officer')),
  'wu-revoked-for-cause': (world, today) =>
    world.put(
      'role',
      'wu-officer',
      roleFields('wu', 'a', 'branch-officer', { to: today, revokedForCause: true }),
    ),
  'lin-gains-role': (world) => world.put('role', 'lin-officer', roleFields('lin', 'a', 'branch-officer')),
  'lin-loses-role': (world, today) =>
    world.put('role', 'lin-officer', roleFields('lin', 'a', 'branch-officer', { to: today })),
  'parent-deleted': (world) => world.remove('meeting', 'meeting-1'),
  'parent-returns': (world) => world.put('meeting', 'meeting-1', meetingFields('支部党员大会')),
  'lesson-comes': (world) => world.put('lesson', 'lesson-late', lessonFields('晚到的一课')),
  'lesson-revised': (world) => world.put('lesson', 'lesson-1', lessonFields(text(world))),
  'meeting-changed': (world) => world.put('meeting', 'meeting-2', meetingFields(text(world))),
  'unknown-type': (world) =>
    world.putRaw({
      type: 'tea-round',
      id: 'tea',
      scope: 'unit:a',
      schemaVersion: 1,
      fields: { sugar: text(world) },
    }),
  'newer-schema': (world) =>
    world.putRaw({
      type: 'column',
      id: 'col-new',
      scope: 'org',
      schemaVersion: 9,
      fields: { called: text(world) },
    }),
  // A newer phone of the same person made it; what is there already stays.
  'newer-note': async (world) => {
    if (world.held().some(({ type, id }) => type === 'note' && id === 'note-lin-0')) return
    await world.putRaw({
      type: 'note',
      id: 'note-lin-0',
      scope: 'private:lin',
      schemaVersion: 7,
      fields: {
        personId: 'lin',
        bookId: 'b',
        chapterId: 'c',
        paragraph: 1,
        quote: '',
        text: '',
        ...NEWER_FIELDS.note,
      },
      author: 'lin',
    })
  },
  'unknown-field': (world) =>
    world.put('meeting', 'meeting-2', meetingFields(text(world), NEWER_FIELDS.meeting)),
}

export async function changeOrg(world: World, change: OrgChange): Promise<void> {
  await CHANGES[change](world, civilDate(world.at))
}

const holds = (fields: JsonObject, today: string): boolean =>
  String(fields.from) <= today && (fields.to === null || today < String(fields.to))

/** Which scopes a person may read now: memberships and roles of the day, in ten plain lines. */
export function readerOf(world: World, person: string): (scope: string) => boolean {
  const today = civilDate(world.at)
  const standing = world.held().filter((record) => !record.deleted && record.person === person)
  const of = (type: string) =>
    standing.filter((r) => r.type === type).map((r) => JSON.parse(r.fields) as JsonObject)
  const everMember = of('membership').map((f) => String(f.unitId))
  const member = of('membership')
    .filter((f) => holds(f, today))
    .map((f) => String(f.unitId))
  const roles = of('role').filter((f) => holds(f, today))
  const desks = roles.filter((f) => f.role !== 'office').map((f) => String(f.unitId))
  const isOffice = roles.some((f) => f.role === 'office')
  const exact = new Set(['org', `private:${person}`, `file:root:${person}`])
  for (const unit of everMember) exact.add(`file:${unit}:${person}`)
  for (const unit of [...member, ...desks]) exact.add(`unit:${unit}`)
  for (const unit of desks) exact.add(`desk:${unit}`)
  if (isOffice) exact.add('unit:root').add('desk:root')
  return (scope) => exact.has(scope) || desks.some((unit) => scope.startsWith(`file:${unit}:`))
}

/** Where a person's own files lie: the branch of today. */
export function homeOf(world: World, person: string): string {
  const today = civilDate(world.at)
  const units = world
    .held()
    .filter((r) => r.type === 'membership' && !r.deleted && r.person === person)
    .map((r) => JSON.parse(r.fields) as JsonObject)
    .filter((f) => f.primary === true && holds(f, today))
  return String(units[0]?.unitId ?? 'a')
}
