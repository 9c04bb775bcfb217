/** The writes of a history, as screens make them; each is noted with what must become of it. */
import { idFrom } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import type { RecordType } from '../../../src/shared/sync/registry.ts'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import { personIdOf } from '../../support/endpoint.ts'
import { HALL_MEETINGS } from '../../support/hall.ts'
import type { WriteAct } from './acts.ts'
import { isOfficerNow } from './org-model.ts'
import { nextId, type Owner, type World, type Written } from './world.ts'

interface Put {
  type: RecordType
  id: string
  fields: JsonObject
  fate: Written['fate']
}

const textsOf = (world: World, type: string, id: string): Set<string> => {
  const key = `${type}/${id}`
  const texts = world.texts.get(key) ?? new Set<string>()
  world.texts.set(key, texts)
  return texts
}

function meetingFields(unitId: string, title: string): JsonObject {
  const sittings = [{ id: idFrom('sitting', title), name: '早班', startsAt: 18e11, place: '' }]
  return { unitId, kindId: meetingKindId('支部党员大会'), title, date: '2026-11-24', sittings }
}

function officerFate(world: World, personId: string, unitId: string): Written['fate'] {
  if (world.changed.has(personId)) return 'either'
  return isOfficerNow(world.org, personId, unitId, world.hall.clock.now()) ? 'stored' : 'refused'
}

function rollMark(
  world: World,
  owner: Owner,
  meeting: { unitId: string; id: string; sittingId: string },
): Put {
  const { personId } = owner
  const [staffNo, name] = meeting.unitId === HALL_MEETINGS[0]!.unitId ? ['1004', '赵磊'] : ['2002', '马强']
  return {
    type: 'roll-mark',
    id: nextId(world),
    fate: officerFate(world, personId, meeting.unitId),
    fields: {
      unitId: meeting.unitId,
      meetingId: meeting.id,
      sittingId: meeting.sittingId,
      personId: personIdOf(staffNo!),
      name: name!,
      state: 'present',
      method: 'tap',
      markedBy: personId,
    },
  }
}

function makeUp(world: World, owner: Owner, key: number): Put {
  const { personId } = owner
  const { unitId, id } = HALL_MEETINGS[key % 2]!
  const isMember = world.org.people.get(personId)!.memberships.some((m) => m.unitId === unitId)
  const fate = world.changed.has(personId) ? 'either' : isMember ? 'stored' : 'refused'
  const sentence = `补学 ${world.count}`
  return { type: 'make-up', id: nextId(world), fate, fields: { unitId, meetingId: id, personId, sentence } }
}

/** A meeting that is new, and a mark that rests on it: parent and child wait in one queue. */
function family(world: World, owner: Owner): Put[] {
  const { unitId } = HALL_MEETINGS[0]!
  const title = `新会 ${world.count}`
  const fate = officerFate(world, owner.personId, unitId)
  const meeting: Put = { type: 'meeting', id: nextId(world), fate, fields: meetingFields(unitId, title) }
  return [meeting, rollMark(world, owner, { unitId, id: meeting.id, sittingId: idFrom('sitting', title) })]
}

function putsOf(world: World, owner: Owner, act: WriteAct): Put[] {
  const { personId } = owner
  const opinion = (of: string, fate: Written['fate']): Put => {
    const text = `意见 ${world.count}`
    return { type: 'opinion', id: nextId(world), fields: { personId: of, text }, fate }
  }
  switch (act.what) {
    case 'opinion':
      return [opinion(personId, 'stored')]
    case 'foreign':
      return [opinion(personIdOf('1006'), 'refused')]
    case 'roll':
      return [rollMark(world, owner, HALL_MEETINGS[act.key % 2]!)]
    case 'make-up':
      return [makeUp(world, owner, act.key)]
    default:
      return family(world, owner)
  }
}

/** Turns that a killed tab's last write gets to be thrown away. */
const LAST_TURNS = 50

/** Resolves with whether the phone said that it is kept. A killed tab says nothing. */
async function keeps({ journey }: Owner, write: () => Promise<unknown>): Promise<boolean> {
  let isOver = false
  const said = write().then(
    () => true,
    (problem: Error) => {
      if (journey.isDead() || problem.name === 'StorageTrouble') return false
      throw problem
    },
  )
  const silence = new Promise<false>((resolve) => {
    let turns = 0
    const look = () => {
      if (isOver || (journey.isDead() && ++turns > LAST_TURNS)) resolve(false)
      else setImmediate(look)
    }
    look()
  })
  try {
    return await Promise.race([said, silence])
  } finally {
    isOver = true
  }
}

/** A note of this person: one of three, on all their phones. */
export const noteId = (personId: string, key: number): string => idFrom('note', personId, String(key))

async function writeDraft(world: World, owner: Owner, key: number): Promise<void> {
  const { personId, journey } = owner
  const id = noteId(personId, key)
  const text = `笔记 ${++world.count}`
  textsOf(world, 'note', id).add(text)
  const place = { personId, bookId: idFrom('book'), chapterId: idFrom('chapter'), paragraph: key }
  await keeps(owner, () => journey.phone.store.edit('note', id, { text }, { create: place }))
}

/** The same few meetings are edited by several officers; the last of them has a file. */
async function writeContent(world: World, owner: Owner, key: number): Promise<void> {
  const { journey } = owner
  const { unitId } = HALL_MEETINGS[key % 2]!
  const id = idFrom('shared-meeting', String(key))
  const title = `共同的会 ${++world.count}`
  textsOf(world, 'meeting', id).add(title)
  await keeps(owner, async () => {
    const attachments: JsonObject[] = []
    if (key === 2) {
      const bytes = new TextEncoder().encode(`# 附件 ${world.count}\n`)
      const sha256 = await journey.phone.blobs.put(bytes, 'text/markdown')
      attachments.push({ sha256, name: '附件.md', mime: 'text/markdown', sizeBytes: bytes.length })
    }
    const fields = { ...meetingFields(unitId, title), attachments }
    await journey.phone.store.put('meeting', fields as never, { id })
  })
}

export async function write(world: World, at: number, act: WriteAct): Promise<void> {
  const owner = world.owners[at]!
  const { journey, personId } = owner
  if (act.disk !== undefined) journey.disk.plan(act.disk)
  if (act.what === 'draft') await writeDraft(world, owner, act.key)
  else if (act.what === 'content') await writeContent(world, owner, act.key)
  else
    for (const { type, id, fields, fate } of putsOf(world, owner, act)) {
      const saved =
        !journey.isDead() &&
        (await keeps(owner, () => journey.phone.store.put(type, fields as never, { id })))
      // A child whose parent was not kept on the phone rests on nothing.
      const before = world.written.at(-1)
      const orphan = before !== undefined && before.id === fields.meetingId && !before.saved
      world.written.push({
        type,
        id,
        fields,
        personId,
        phone: at,
        saved,
        fate: orphan ? 'refused' : fate,
        free: false,
      })
    }
  if (act.disk !== undefined) journey.disk.plan(undefined)
}
