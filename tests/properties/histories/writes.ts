/** What a person writes on a phone, through the shipped record store, and what the model notes of it. */
import { InvalidFields, StorageTrouble } from '../../../src/client/storage/trouble.ts'
import type { AttentionItem, PhoneRecord } from '../../../src/client/storage/rows.ts'
import { flatten } from '../../../src/shared/sync/flat-paths.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { definitionOf } from '../../../src/shared/sync/registry.ts'
import { DOCUMENT_SHA, meetingFields } from '../../support/memory/bureau.ts'
import type { SimPhone } from '../../support/memory/sim-phone.ts'
import type { WriteAct } from './acts.ts'
import { lifeOf, type Sim, type Written } from './model.ts'
import { homeOf } from './org.ts'

interface Hand {
  sim: Sim
  phone: SimPhone
  key: number
  /** Told apart from everything else that is written. */
  text: string
}

/** Runs one write; refused fields and a full disk are what they are, anything else is a fault. */
async function attempt(
  { sim, phone }: Hand,
  about: Pick<Written, 'type' | 'id' | 'op' | 'fields' | 'over'>,
  work: () => Promise<unknown>,
): Promise<boolean> {
  const { type, id, op } = about
  const conflict = definitionOf(type)?.conflict ?? 'fact'
  const one: Written = {
    ...about,
    order: sim.written.length,
    life: lifeOf(sim, phone),
    person: phone.person,
    conflict,
    told: false,
  }
  try {
    await work()
    one.told = true
  } catch (error) {
    if (error instanceof InvalidFields) return false
    if (!(error instanceof StorageTrouble)) throw error
  }
  const saved = op === 'put' ? (phone.disk.row(type, id) as PhoneRecord | undefined) : undefined
  if (saved !== undefined && one.told) one.fields = saved.fields
  sim.written.push(one)
  return one.told
}

async function put(hand: Hand, type: string, fields: JsonObject, id?: string): Promise<boolean> {
  const known = id ?? hand.sim.world.newId(hand.phone.person)
  const { store } = hand.phone.tab
  const over = standing(hand.phone, type, known)
  return await attempt(hand, { type, id: known, op: 'put', fields, ...(over && { over }) }, () =>
    store.put(type, fields, { id: known }),
  )
}

async function edit(
  hand: Hand,
  type: string,
  id: string,
  changes: JsonObject,
  create: JsonObject,
): Promise<void> {
  const isNew = hand.phone.disk.row(type, id) === undefined
  const fields = isNew ? { ...flatten(create), ...changes } : changes
  const { store } = hand.phone.tab
  await attempt(hand, { type, id, op: 'edit', fields }, () => store.edit(type, id, changes, { create }))
}

async function remove(hand: Hand, type: string, id: string): Promise<void> {
  if (hand.phone.disk.row(type, id) === undefined) return
  await attempt(hand, { type, id, op: 'remove', fields: {} }, () => hand.phone.tab.store.remove(type, id))
}

/** As an editor does it: what stands here, with one thing changed. */
const standing = (phone: SimPhone, type: string, id: string): JsonObject | undefined =>
  (phone.disk.row(type, id) as PhoneRecord | undefined)?.fields

const rollMark = ({ phone, text }: Hand, meetingId: string): JsonObject => ({
  unitId: 'a',
  meetingId,
  sittingId: 'sitting',
  personId: 'lin',
  name: '林',
  state: 'present',
  method: 'tap',
  markedBy: phone.person,
  reason: text,
})
const receipt = (hand: Hand, lessonId: string, unitId: string): JsonObject => ({
  personId: hand.phone.person,
  unitId,
  lessonId,
  week: '2026-W48',
  lessonTitle: hand.text,
  lessonRevision: 1,
  learned: true,
})
const notePlace = (personId: string): JsonObject => ({ personId, bookId: 'b', chapterId: 'c', paragraph: 1 })
const noteId = ({ phone, key }: Hand): string => `note-${phone.person}-${key}`

async function meeting(hand: Hand, id: string, over: JsonObject = {}): Promise<boolean> {
  const before = standing(hand.phone, 'meeting', id) ?? meetingFields('')
  return await put(hand, 'meeting', { ...before, title: hand.text, ...over }, id)
}

async function meetingWithFile(hand: Hand): Promise<void> {
  const bytes = new TextEncoder().encode(`附件 ${hand.text}`)
  let sha256: string
  try {
    sha256 = await hand.phone.tab.blobs.put(bytes, 'text/plain')
  } catch (error) {
    if (error instanceof StorageTrouble) return
    throw error
  }
  const file = { sha256, name: '附件.txt', mime: 'text/plain', sizeBytes: bytes.length }
  await meeting(hand, hand.sim.world.newId('meeting'), { attachments: [file] })
}

/** A parent and its child, both made without the network. */
async function family(hand: Hand): Promise<void> {
  const id = hand.sim.world.newId('meeting')
  if (await meeting(hand, id)) await put(hand, 'roll-mark', rollMark(hand, id))
}

/** Two phones of a person who moved, or a fault in the app: the same id in two scopes. */
async function oneIdTwoScopes(hand: Hand): Promise<void> {
  const id = `twice-${hand.phone.person}-${hand.key}`
  await put(hand, 'lesson-receipt', receipt(hand, 'lesson-1', hand.key === 0 ? 'a' : 'b'), id)
}

/** Whoever sends a refused edit of a draft again has its words before their eyes: it is the last edit then, also over a later one. */
async function sendAgain(hand: Hand): Promise<void> {
  const { sim, phone } = hand
  const items = phone.disk.rows<AttentionItem>('attention').sort((a, b) => a.attentionId - b.attentionId)
  for (const { type, id } of items) sim.retried.add(`${phone.person} ${type}/${id}`)
  const [first] = items
  if (first === undefined) return
  const retry = () => phone.retryFirstAttention()
  if (first.conflict === 'draft' && first.op === 'put')
    await attempt(hand, { type: first.type, id: first.id, op: 'edit', fields: first.fields }, retry)
  else await saving(retry)
}

async function saving(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StorageTrouble)) throw error
  }
}

type Writing = (hand: Hand) => Promise<unknown>
const person = (hand: Hand): string => hand.phone.person

const WRITINGS: Record<WriteAct['what'], Writing> = {
  opinion: (hand) => put(hand, 'opinion', { personId: person(hand), text: hand.text }),
  receipt: (hand) =>
    put(hand, 'lesson-receipt', receipt(hand, 'lesson-1', homeOf(hand.sim.world, person(hand)))),
  'receipt-of-missing-lesson': (hand) =>
    put(hand, 'lesson-receipt', receipt(hand, 'lesson-late', homeOf(hand.sim.world, person(hand)))),
  'roll-mark': (hand) => put(hand, 'roll-mark', rollMark(hand, 'meeting-1')),
  'make-up': (hand) =>
    put(hand, 'make-up', {
      unitId: 'a',
      meetingId: 'meeting-1',
      personId: person(hand),
      sentence: hand.text,
    }),
  'sign-off': (hand) =>
    put(hand, 'sign-off', {
      unitId: 'a',
      circulationId: 'circulation-1',
      documentId: 'doc',
      personId: person(hand),
      signedBy: person(hand),
      revision: 1,
      sha256: DOCUMENT_SHA,
      mode: 'in-person',
      signature: { kind: 'typed', name: person(hand) },
      opinion: hand.text,
      signedAt: hand.phone.now(),
      keyId: null,
      deviceSignature: null,
    }),
  'shared-reflection': (hand) =>
    put(hand, 'shared-reflection', {
      personId: person(hand),
      name: person(hand),
      unitId: homeOf(hand.sim.world, person(hand)),
      lessonId: 'lesson-1',
      text: hand.text,
    }),
  family,
  note: (hand) =>
    edit(
      hand,
      'note',
      noteId(hand),
      { [hand.key === 2 ? 'quote' : 'text']: hand.text },
      notePlace(person(hand)),
    ),
  'note-removed': (hand) => remove(hand, 'note', noteId(hand)),
  'self-assessment': (hand) =>
    edit(
      hand,
      'self-assessment',
      `self-${person(hand)}`,
      { [`answers/q${hand.key}/sentence`]: hand.text },
      { personId: person(hand), month: '2026-11', side: 'party', setId: 'set' },
    ),
  'score-sheet': (hand) => {
    const unitId = person(hand) === 'sun' ? 's' : 'a'
    const side = unitId === 's' ? 'work' : 'party'
    const create = { unitId, personId: 'lin', month: '2026-11', side, setId: 'set' }
    return edit(hand, 'score-sheet', `sheet-${unitId}`, { [`scores/q${hand.key}/reason`]: hand.text }, create)
  },
  meeting: (hand) => meeting(hand, hand.key === 0 ? 'meeting-1' : 'meeting-2'),
  'meeting-with-file': meetingWithFile,
  column: (hand) => put(hand, 'column', { ...standing(hand.phone, 'column', 'col'), name: hand.text }, 'col'),
  'column-removed': (hand) => remove(hand, 'column', 'col'),
  'one-id-two-scopes': oneIdTwoScopes,
  'refused-sent-again': sendAgain,
}

export async function writeSomething(sim: Sim, phone: SimPhone, { what, key }: WriteAct): Promise<void> {
  await WRITINGS[what]({ sim, phone, key, text: sim.world.newId('第') })
}
