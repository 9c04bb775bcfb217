/**
 * Marking, settling and undoing on one roll.
 *
 * Promises: one act is one new fact that supersedes all heads it saw; the same state again writes nothing, however fast the
 * taps come, because acts run one after the other and each reads the marks from the disk; undo takes back only what this
 * page marked, and never what another officer has said since.
 */
import { isOfficerOf } from '../../../../shared/org/actor.ts'
import { rollLines } from '../../../../shared/meetings/roll.ts'
import type { LeaveKind, RollState } from '../../../../shared/meetings/mark-words.ts'
import type { RollMark } from '../../../../shared/meetings/roll-mark.ts'
import type { RosterLine } from '../../../../shared/meetings/roster.ts'
import { readActor } from '../../../storage/actor.ts'
import type { Phone } from '../../../storage/phone.ts'
import { readBureauNow } from '../codes/bureau-now.ts'

/** Of a mark that takes another one back. */
export const UNDO_REASON = '撤销上一步'

export interface NextState {
  state: RollState
  leaveKind?: LeaveKind | null
  reason?: string
}

/** What a mark rests on, where it was not a tap. */
export type MarkGround = Partial<Pick<RollMark, 'method' | 'proof' | 'byHand' | 'paperDate'>>

export interface MarkTarget extends NextState {
  person: Pick<RosterLine, 'personId' | 'name'>
  ground?: MarkGround
}

interface DoneMark {
  person: MarkTarget['person']
  markId: string
  before: NextState
  /** The mark that stood before, when there was one. */
  beforeId: string | undefined
}

/** One press of a button: undone as a whole. */
export type DoneAct = readonly DoneMark[]

export type UndoAnswer = { type: 'undone'; count: number; kept: number } | { type: 'nothing' }

export interface RollPlace {
  meetingId: string
  sittingId: string
  unitId: string
}

export interface RollActs {
  /** @returns how many marks were written; 0 when all stood so already. @throws StorageTrouble, InvalidFields */
  mark(targets: readonly MarkTarget[]): Promise<number>
  undo(): Promise<UndoAnswer>
  readonly undoable: number
}

type RollPhone = Pick<Phone, 'db' | 'store' | 'person' | 'now'>

async function lineOf(phone: RollPhone, place: RollPlace, person: MarkTarget['person']) {
  const rows = await phone.db.records('roll-mark').where('fields.personId').equals(person.personId).toArray()
  return rollLines([person], rows, place.sittingId)[0]
}

async function writeMark(
  phone: RollPhone,
  place: RollPlace,
  { person, state, leaveKind = null, reason = '', ground = {} }: MarkTarget,
): Promise<DoneMark | null> {
  const line = await lineOf(phone, place, person)
  if (line === undefined) return null
  const same = line.state === state && line.leaveKind === (state === 'leave' ? leaveKind : null)
  if (same && !line.contradiction) return null
  const markId = await phone.store.put('roll-mark', {
    ...place,
    personId: person.personId,
    name: person.name,
    state,
    leaveKind: state === 'leave' ? leaveKind : null,
    method: 'tap',
    ...ground,
    markedBy: phone.person.id,
    reason,
    supersedes: line.heads.map((head) => head.id),
  })
  const before = { state: line.state, leaveKind: line.leaveKind }
  return { person, markId, before, beforeId: line.heads.length === 1 ? line.heads[0]?.id : undefined }
}

/** True when this mark is still the only thing that is said about the person. */
async function stillStands(
  phone: RollPhone,
  place: RollPlace,
  done: DoneMark,
  standIns: ReadonlyMap<string, string>,
): Promise<boolean> {
  const line = await lineOf(phone, place, done.person)
  return line?.heads.length === 1 && line.heads[0]?.id === (standIns.get(done.markId) ?? done.markId)
}

async function undoAct(
  phone: RollPhone,
  place: RollPlace,
  act: DoneAct,
  standIns: Map<string, string>,
): Promise<number> {
  let count = 0
  for (const done of act) {
    if (!(await stillStands(phone, place, done, standIns))) continue
    const target = { person: done.person, ...done.before, reason: UNDO_REASON }
    const undone = await writeMark(phone, place, target)
    if (undone !== null && done.beforeId !== undefined) standIns.set(done.beforeId, undone.markId)
    count++
  }
  return count
}

/** One press is one transaction: all of its marks are kept or none, and the screen follows once. */
const together = <T>({ store }: RollPhone, work: () => Promise<T>): Promise<T> =>
  store.together(['roll-mark'], work)

export function createRollActs(phone: RollPhone, place: RollPlace): RollActs {
  const acts: DoneAct[] = []
  /** An undo says an earlier mark again under a new id: that one then stands for it, so that it can be undone too. */
  const standIns = new Map<string, string>()
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn.catch(() => undefined)
    return turn
  }
  return {
    get undoable() {
      return acts.length
    },
    mark: (targets) =>
      inTurn(async () => {
        const done = await together(phone, async () => {
          const marks: DoneMark[] = []
          for (const target of targets) {
            const mark = await writeMark(phone, place, target)
            if (mark !== null) marks.push(mark)
          }
          return marks
        })
        if (done.length > 0) acts.push(done)
        return done.length
      }),
    undo: () =>
      inTurn(async () => {
        const act = acts.at(-1)
        if (act === undefined) return { type: 'nothing' }
        const count = await together(phone, () => undoAct(phone, place, act, standIns))
        acts.pop()
        return { type: 'undone', count, kept: act.length - count }
      }),
  }
}

/** Only to hide what the endpoint would refuse, so by the time of the bureau and not by a phone's that is wrong by days. */
export async function mayTakeRoll(phone: RollPhone, unitId: string): Promise<boolean> {
  return isOfficerOf(await readActor(phone.db, phone.person.id, await readBureauNow(phone)), unitId)
}
