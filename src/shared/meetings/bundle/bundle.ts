/**
 * A meeting as it goes on file: roll, votes and minutes with everything that is needed to check, without the endpoint and years
 * later, who was there, what was decided by which rule, and who confirmed which words. Sealed as a whole by the endpoint; the
 * confirming signatures and the codes that were read can be checked also without that seal.
 */
import * as v from 'valibot'
import { allFiled, filed, SealFields, type Filed, type Seal, unreadInWords } from '../../bundle/filed.ts'
import { Count, Id, Millis, RequiredText, ShortText } from '../../fields.ts'
import { deviceKey, type DeviceKey } from '../../org/device-key.ts'
import { endpointKey, type EndpointKey } from '../../org/endpoint-key.ts'
import { rollClaim, type RollClaim } from '../codes/roll-claim.ts'
import { meetingKind, type MeetingKind } from '../meeting-kind.ts'
import { meeting, type Meeting } from '../meeting.ts'
import { minutesCorrection, type MinutesCorrection } from '../minutes/correction.ts'
import { minutes, type Minutes } from '../minutes/minutes.ts'
import { rollMark, type RollMark } from '../roll-mark.ts'
import type { RosterLine } from '../roster.ts'
import { resolution, type Resolution } from '../voting/resolution.ts'

export const MEETING_PURPOSE = 'window-hall/meeting'
/**
 *   1  first version
 *   2  the claims of those who read a sitting's code
 *   3  minutes with files, which an app of before would take for altered; without any it stays 2
 */
export const MEETING_VERSION = 3

export const meetingVersionFor = (minutes: readonly Filed<Minutes>[]): 2 | typeof MEETING_VERSION =>
  minutes.some(({ fields }) => fields.files !== undefined) ? MEETING_VERSION : 2

export interface MeetingBundle {
  purpose: typeof MEETING_PURPOSE
  version: 1 | 2 | typeof MEETING_VERSION
  exportedAt: number
  /** Who asked for it. */
  exportedBy: { personId: string; name: string }
  unit: { id: string; name: string }
  meeting: Filed<Meeting>
  /** null: the kind was taken away meanwhile. */
  kind: Filed<MeetingKind> | null
  /** Who should come, by the memberships of the day. */
  roster: RosterLine[]
  /** Of who acted and is not on the roster. */
  names: { personId: string; name: string }[]
  /** All of them, superseded ones too, with the codes that were read. */
  marks: Filed<RollMark>[]
  /** Those that the marks' proofs name; absent in a file of version 1. */
  claims?: Filed<RollClaim>[] | undefined
  resolutions: Filed<Resolution>[]
  minutes: Filed<Minutes>[]
  corrections: Filed<MinutesCorrection>[]
  /** Of everyone who signed or whose code was read; their revocations too. */
  deviceKeys: Filed<DeviceKey>[]
  endpointKeys: Filed<EndpointKey>[]
}

export interface SealedMeeting extends MeetingBundle {
  seal: Seal
}

const Person = v.strictObject({ personId: Id, name: ShortText })
const Line = v.strictObject({
  personId: Id,
  name: ShortText,
  memberKind: v.picklist(['full', 'probationary', 'under-probation', 'none']),
  votingRight: v.boolean(),
  handOrder: Count,
})

const Sealed = v.strictObject({
  purpose: v.literal(MEETING_PURPOSE),
  version: v.picklist([1, 2, MEETING_VERSION]),
  exportedAt: Millis,
  exportedBy: Person,
  unit: v.strictObject({ id: Id, name: RequiredText }),
  meeting: filed(meeting),
  kind: v.nullable(filed(meetingKind)),
  roster: v.pipe(v.array(Line), v.maxLength(2000)),
  names: v.pipe(v.array(Person), v.maxLength(2000)),
  marks: allFiled(rollMark),
  claims: v.optional(allFiled(rollClaim)),
  resolutions: allFiled(resolution),
  minutes: allFiled(minutes),
  corrections: allFiled(minutesCorrection),
  deviceKeys: allFiled(deviceKey),
  endpointKeys: allFiled(endpointKey),
  seal: SealFields,
})

/** `raw` is what was sealed: parsing adds what newer versions of a record have by default. */
export interface OpenedMeeting {
  bundle: SealedMeeting
  raw: SealedMeeting
}
export type ReadMeeting = ({ ok: true } & OpenedMeeting) | { ok: false; sentence: string }

/** @param raw parsed JSON. The sentence says what is wrong with it. */
export function readMeetingBundle(raw: unknown): ReadMeeting {
  const { version } = raw as { version?: unknown }
  if (typeof version === 'number' && version > MEETING_VERSION)
    return { ok: false, sentence: '这份文件由更新的版本导出，请先更新应用再核对。' }
  const parsed = v.safeParse(Sealed, raw)
  if (parsed.success) return { ok: true, bundle: parsed.output as SealedMeeting, raw: raw as SealedMeeting }
  return { ok: false, sentence: unreadInWords(parsed.issues[0]) }
}

export const isMeetingBundle = (raw: unknown): boolean =>
  (raw as { purpose?: unknown } | null)?.purpose === MEETING_PURPOSE
