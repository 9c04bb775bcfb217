/**
 * What another phone handed over, checked and taken into this phone's roll and queue.
 *
 * Promises: taken whole or not at all; only marks whose signature holds with a key that this phone got from the endpoint, made
 * by somebody who may take this roll as far as this phone knows; taken twice, it is there once. The endpoint decides again.
 */
import { isOfficerOf, type Actor } from '../../../../../shared/org/actor.ts'
import { keyRevokedAt } from '../../../../../shared/org/device-key.ts'
import { rollMark, type RollMark } from '../../../../../shared/meetings/roll-mark.ts'
import {
  readBundleText,
  type BundleProblem,
  type CarriedFact,
  type CarryBundle,
} from '../../../../../shared/sync/carry.ts'
import { parseFields } from '../../../../../shared/sync/define-record.ts'
import { readActor } from '../../../../storage/actor.ts'
import { canCheck, checkSignature } from '../../../../storage/check-signature.ts'
import { CarriedConflict, carryIn, signedTextOf } from '../../../../storage/outbox/carry.ts'
import type { Phone } from '../../../../storage/phone.ts'
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
  added: number
  known: number
}

export type TakeAnswer = Taken | { type: 'refused'; problem: Problem; sentence: string }

const sentences = (name: string): Record<Problem, string> => ({
  foreign: '这不是考勤转交的内容，没有收下。',
  newer: '对方手机上的应用更新，请先更新本机的应用，再收一次。',
  damaged: '内容不完整，或被改动过，没有收下。请对方重新出示一次。',
  'cannot-check': '这个浏览器不能核对签名，不能代收。请对方自己联网送达，或换一部手机。',
  'no-meeting': '本机还没有这场会议。请先联网更新一次，再收。',
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
function isOfMeeting(fact: CarriedFact, meetingId: string, unitId: string): boolean {
  if (fact.type !== rollMark.type || fact.schemaVersion !== rollMark.schemaVersion) return false
  const parsed = parseFields(rollMark, fact.fields)
  if (!parsed.ok) return false
  const mark = parsed.fields as RollMark
  const isHere = mark.meetingId === meetingId && mark.unitId === unitId
  return isHere && mark.markedBy === fact.signed.person && rollMark.scopeOf(mark) === fact.scope
}

async function checkSigner(phone: Reader, fact: CarriedFact): Promise<Problem | null> {
  const { person, key, signature } = fact.signed
  const keys = await phone.db.records('device-key').where('fields.personId').equals(person).toArray()
  const own = keys.find(({ id }) => id === key)
  if (own === undefined) return 'unknown-key'
  if (keyRevokedAt(key, keys) !== null) return 'stopped-key'
  return (await checkSignature(own.fields.publicKey, signature, signedTextOf(fact))) ? null : 'forged'
}

interface Refused {
  problem: Problem
  /** Whom it is about. */
  personId: string
}

async function check(phone: Reader, bundle: CarryBundle): Promise<Refused | null> {
  const { meetingId, from, facts } = bundle
  const about = (problem: Problem, personId = from.personId): Refused => ({ problem, personId })
  if (!canCheck()) return about('cannot-check')
  const meeting = await phone.db.records('meeting').get(meetingId)
  if (meeting === undefined) return about('no-meeting')
  const { unitId } = meeting.fields
  if (!(await mayTakeRoll(phone, unitId))) return about('not-yours')
  const actors = new Map<string, Actor>()
  for (const fact of facts) {
    const { person } = fact.signed
    if (!isOfMeeting(fact, meetingId, unitId)) return about('forged', person)
    const problem = await checkSigner(phone, fact)
    if (problem !== null) return about(problem, person)
    const actor = actors.get(person) ?? (await readActor(phone.db, person, phone.now()))
    actors.set(person, actor)
    if (!isOfficerOf(actor, unitId, fact.observedAt)) return about('not-recorder', person)
  }
  return null
}

export async function takeBundle(phone: Reader, text: string): Promise<TakeAnswer> {
  const bundle = readBundleText(text)
  if (typeof bundle === 'string')
    return { type: 'refused', problem: bundle, sentence: sentences('对方')[bundle] }
  const refused = await check(phone, bundle)
  if (refused !== null) return await refuse(phone, bundle, refused)
  const { meetingId, title, from, facts } = bundle
  const name = await nameOf(phone, from.personId, from.name)
  const names = new Map<string, string>()
  for (const { signed } of facts) names.set(signed.person, await nameOf(phone, signed.person, from.name))
  try {
    const label = ({ fields, signed }: CarriedFact) =>
      `${rollMark.label(fields as RollMark)} · 代${names.get(signed.person) ?? '对方'}送达`
    const { added, known } = await carryIn(phone, facts, label)
    return { type: 'taken', meetingId, title, from: name, added, known }
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
