/**
 * What another phone handed over, checked and taken into this phone's roll and queue: marks, and the meeting itself where this
 * phone has never heard of it, or as it was changed on the other.
 *
 * Promises: taken whole or not at all; only what is signed with a key that this phone got from the endpoint, by somebody who may
 * take this roll as far as this phone knows; taken twice, it is there once. The endpoint decides again.
 */
import { isOfficerOf, type Actor } from '../../../../../shared/org/actor.ts'
import { keyNamed, keyRevokedAt } from '../../../../../shared/org/device-key.ts'
import { meeting, type Meeting } from '../../../../../shared/meetings/meeting.ts'
import { rollMark, type RollMark } from '../../../../../shared/meetings/roll-mark.ts'
import {
  readBundleText,
  type BundleProblem,
  type Carried,
  type CarryBundle,
} from '../../../../../shared/sync/carry.ts'
import { parseFields } from '../../../../../shared/sync/define-record.ts'
import { readActor } from '../../../../storage/actor.ts'
import { canCheck, checkSignature } from '../../../../storage/keys/check-signature.ts'
import { CarriedConflict, carryIn, signedTextOf } from '../../../../storage/outbox/between-phones/carry.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { readBureauNow } from '../../codes/bureau-now.ts'
import { mayTakeRoll } from '../roll-acts.ts'

type Problem =
  | BundleProblem
  | 'cannot-check'
  | 'no-meeting'
  | 'not-yours'
  | 'unknown-key'
  | 'stopped-key'
  | 'forged'
  | 'not-recorder'

export interface Taken {
  type: 'taken'
  meetingId: string
  title: string
  /** Whose marks they are, by name. */
  from: string
  /** Marks. */
  added: number
  known: number
  /** The meeting was made there, and came along. */
  meetingAdded: boolean
  /** The meeting was changed there: that came along, or stays with its author, since something else stands here. */
  edit: 'none' | 'added' | 'left'
  /** Fields of the meeting that were changed there since, and stay there. */
  behind: readonly string[]
  /** Of such a meeting or change: they stay on the other phone, and it waits for them. */
  files: number
}

export type TakeAnswer = Taken | { type: 'refused'; problem: Problem; sentence: string }

const sentences = (name: string): Record<Problem, string> => ({
  foreign: '这不是考勤交接的内容，没有收下。',
  newer: '对方手机上的应用更新，请先更新本机的应用，再收一次。',
  damaged: '内容不完整，或被改动过，没有收下。请对方重新出示一次。',
  'cannot-check': '这个浏览器不能核对签名，不能代收。请对方自己联网送达，或换一部手机。',
  'no-meeting': `本机还没有这场会议，它也不是${name}建的，交不过来。请先联网更新一次，再收。`,
  'not-yours': '你不是这个支部的记录人，不能代收这场会议的考勤。',
  'unknown-key': `本机还没有${name}的手机密钥，核对不了签名。请先联网更新一次，再收。`,
  'stopped-key': `${name}交出记录的手机已被停用，签名不再有效，没有收下。`,
  forged: '签名核对不上，一条也没有收下。请对方重新出示；仍然不行，请对方自己联网送达。',
  'not-recorder': `按本机的名单，${name}不是这个支部的记录人，没有收下。如果是新任命的，请先联网更新一次。`,
})

type Reader = Pick<Phone, 'db' | 'store' | 'person' | 'now'>

async function nameOf(phone: Reader, personId: string, fallback: string): Promise<string> {
  const known = await phone.db.records('membership').where('fields.personId').equals(personId).first()
  return known?.fields.name ?? fallback
}

/** What every mark of the bundle has to be, before its signature is looked at. */
function isOfMeeting(fact: Carried, meetingId: string, unitId: string): boolean {
  if (fact.type !== rollMark.type || fact.schemaVersion !== rollMark.schemaVersion) return false
  const parsed = parseFields(rollMark, fact.fields)
  if (!parsed.ok) return false
  const mark = parsed.fields as RollMark
  const isHere = mark.meetingId === meetingId && mark.unitId === unitId
  return isHere && mark.markedBy === fact.signed.person && rollMark.scopeOf(mark) === fact.scope
}

/** The meeting as it reads there; undefined for what is none, or another one. */
function meetingOf(record: Carried, meetingId: string): Meeting | undefined {
  if (record.type !== meeting.type || record.schemaVersion !== meeting.schemaVersion) return undefined
  const parsed = parseFields(meeting, record.fields)
  if (!parsed.ok || record.id !== meetingId || meeting.scopeOf(parsed.fields) !== record.scope)
    return undefined
  return parsed.fields
}

async function checkSigner(phone: Reader, record: Carried): Promise<Problem | null> {
  const { person, key, signature } = record.signed
  const keys = await phone.db.records('device-key').where('fields.personId').equals(person).toArray()
  const own = keyNamed(keys, key)
  if (own === undefined) return 'unknown-key'
  if (keyRevokedAt(key, keys) !== null) return 'stopped-key'
  return (await checkSignature(own.fields.publicKey, signature, signedTextOf(record))) ? null : 'forged'
}

interface Refused {
  problem: Problem
  /** Whom it is about. */
  personId: string
}

/** What may be taken in, in the order in which it is delivered. */
interface Checked {
  records: Carried[]
  files: number
}

const filesOf = (fields: Meeting): readonly string[] => meeting.blobs?.(fields) ?? []

async function check(phone: Reader, bundle: CarryBundle): Promise<Checked | Refused> {
  const { meetingId, from, facts } = bundle
  const about = (problem: Problem, personId = from.personId): Refused => ({ problem, personId })
  if (!canCheck()) return about('cannot-check')
  const standing = await phone.db.records('meeting').get(meetingId)
  // What stands here is at least as new as what was first written.
  const brought = bundle.edit ?? (standing === undefined ? bundle.meeting : undefined)
  const written = brought === undefined ? undefined : meetingOf(brought, meetingId)
  if (brought !== undefined && written === undefined) return about('forged', brought.signed.person)
  const fields = standing?.fields ?? written
  if (fields === undefined) return about('no-meeting')
  const { unitId } = fields
  // A meeting stays with its unit: another one would lend its officers' word to this one.
  if (written !== undefined && written.unitId !== unitId) return about('forged', brought?.signed.person)
  if (!(await mayTakeRoll(phone, unitId))) return about('not-yours')
  const bureauNow = await readBureauNow(phone)
  const actors = new Map<string, Actor>()
  const records = [...(brought === undefined ? [] : [brought]), ...facts]
  for (const record of records) {
    const { person } = record.signed
    if (record !== brought && !isOfMeeting(record, meetingId, unitId)) return about('forged', person)
    const problem = await checkSigner(phone, record)
    if (problem !== null) return about(problem, person)
    const actor = actors.get(person) ?? (await readActor(phone.db, person, bureauNow))
    actors.set(person, actor)
    if (!isOfficerOf(actor, unitId, record.observedAt)) return about('not-recorder', person)
  }
  const known = new Set(standing === undefined ? [] : filesOf(standing.fields))
  return { records, files: filesOf(written ?? fields).filter((sha256) => !known.has(sha256)).length }
}

const labelOf = ({ type, fields, signed }: Carried, names: ReadonlyMap<string, string>): string => {
  const what = type === meeting.type ? meeting.label(fields as Meeting) : rollMark.label(fields as RollMark)
  return `${what} · 代${names.get(signed.person) ?? '对方'}送达`
}

export async function takeBundle(phone: Reader, text: string): Promise<TakeAnswer> {
  const bundle = readBundleText(text)
  if (typeof bundle === 'string')
    return { type: 'refused', problem: bundle, sentence: sentences('对方')[bundle] }
  const checked = await check(phone, bundle)
  if ('problem' in checked) return await refuse(phone, bundle, checked)
  const { meetingId, title, from } = bundle
  const { records, files } = checked
  const wasHere = (await phone.db.records('meeting').get(meetingId)) !== undefined
  const name = await nameOf(phone, from.personId, from.name)
  const names = new Map<string, string>()
  for (const { signed } of records) names.set(signed.person, await nameOf(phone, signed.person, from.name))
  try {
    const { added, known, left } = await carryIn(phone, records, (record) => labelOf(record, names))
    const isAdded = added.includes(meetingId)
    const marks = added.length - (isAdded ? 1 : 0)
    const came = isAdded ? 'added' : left > 0 ? 'left' : 'none'
    const edit = bundle.edit === undefined ? 'none' : came
    const meetingAdded = isAdded && !wasHere
    return {
      type: 'taken',
      meetingId,
      title,
      from: name,
      added: marks,
      known,
      meetingAdded,
      edit,
      behind: bundle.behind ?? [],
      files: isAdded ? files : 0,
    }
  } catch (error) {
    if (!(error instanceof CarriedConflict)) throw error
    return await refuse(phone, bundle, { problem: 'forged', personId: from.personId })
  }
}

async function refuse(
  phone: Reader,
  { from }: CarryBundle,
  { problem, personId }: Refused,
): Promise<TakeAnswer> {
  const name = await nameOf(phone, personId, personId === from.personId ? from.name : '对方')
  return { type: 'refused', problem, sentence: sentences(name)[problem] }
}
