/**
 * One after the other in front of the camera.
 *
 * Guarantee: a text that was read is answered once, however long it stays in sight; `good` is marked at once and names who it
 * was, everything else marks nothing until the officer says so; undo takes back what this page marked, the last first.
 */
import { computed, ref, shallowRef } from 'vue'
import { presentElsewhere } from '../../../../../shared/meetings/attendance/came-elsewhere.ts'
import type { CodeAnswer } from '../../../../../shared/meetings/codes/check-person-code.ts'
import type { RollState } from '../../../../../shared/meetings/mark-words.ts'
import { rollLines } from '../../../../../shared/meetings/roll.ts'
import { usePhone } from '../../../../storage/phone.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { createRollActs, type MarkGround, type RollActs } from '../../roll/roll-acts.ts'
import { stateInWords } from '../../model/meeting-words.ts'
import type { MeetingRoll } from '../../model/read-meetings.ts'
import { elsewhereInWords } from '../../model/roll-words.ts'
import { readCode, readRollToScan } from './read-world.ts'

export interface Scanned {
  n: number
  name: string
  /** 到会, 已记到会, 原记请假 … */
  word: string
  /** Whose undo it is; null once it was taken back, and where nothing was written. */
  undoable: boolean
}

/** A code that stays in sight, or comes back into it at once, is the same showing. */
const SAME_SHOWING_MS = 4_000
const LIST_MAX = 12

export interface ScanParts {
  meetingId: string
  sittingId: string
  /** The bureau's time, exactly now. */
  exactly: () => number
  /** Tells the hand: good or not. */
  buzz: (isGood: boolean) => void
}

function elsewhereOf({ roster, marks, meeting }: MeetingRoll, sittingId: string, personId: string): string {
  const { sittings } = meeting.fields
  const ids = sittings.map(({ id }) => id)
  const there = presentElsewhere(marks, roster, ids, sittingId).get(personId) ?? []
  return elsewhereInWords(sittings.filter(({ id }) => there.includes(id)).map(({ name }) => name))
}

export function useScan(parts: ScanParts) {
  const phone = usePhone()
  const answer = shallowRef<CodeAnswer>()
  const last = shallowRef<Scanned>()
  const list = shallowRef<readonly Scanned[]>([])
  const trouble = ref('')
  const state = ref<RollState>('present')
  /** Of the last refusals in a row, those for the time alone: several people at once point to the own clock. */
  const untimely = ref(0)
  const seen = new Map<string, number>()
  let acts: RollActs | undefined
  let working: Promise<unknown> = Promise.resolve()
  let count = 0

  const add = (name: string, word: string, undoable: boolean): void => {
    last.value = { n: ++count, name, word, undoable }
    list.value = [last.value, ...list.value].slice(0, LIST_MAX)
  }

  async function mark(person: { personId: string; name: string }, ground: MarkGround): Promise<void> {
    const now = await readRollToScan(phone, parts.meetingId)
    const unitId = now?.roll.meeting.fields.unitId
    if (now === null || unitId === undefined) return
    acts ??= createRollActs(phone, { meetingId: parts.meetingId, sittingId: parts.sittingId, unitId })
    const line = rollLines(now.roll.roster, now.roll.marks, parts.sittingId).find(
      ({ personId }) => personId === person.personId,
    )
    const isHere = line?.state === 'present' || line?.state === 'late'
    // Whoever is marked as there already stays as they were marked: a second look makes nobody late.
    const written =
      isHere && !line.contradiction ? 0 : await acts.mark([{ person, state: state.value, ground }])
    const before =
      line === undefined || line.state === 'cleared' ? '' : stateInWords(line.state, line.leaveKind)
    const word = stateInWords(state.value, null)
    const there = elsewhereOf(now.roll, parts.sittingId, person.personId)
    const also = there === '' ? '' : `。${there}，全会只算一次`
    if (written === 0) add(person.name, `已记${before}，没有重复${also}`, false)
    else add(person.name, `${before === '' ? word : `原记${before}，改为${word}`}${also}`, true)
  }

  async function hear(text: string): Promise<void> {
    try {
      const told = await readCode(phone, parts.meetingId, text, parts.exactly())
      if (told === null) return
      answer.value = told
      untimely.value = told.type === 'hand' && told.reason !== 'unknown-key' ? untimely.value + 1 : 0
      if (told.type === 'good') await mark(told.person, { method: 'scan', proof: told.proof })
      else last.value = undefined
      parts.buzz(told.type === 'good')
      trouble.value = ''
    } catch (error) {
      trouble.value = sentenceOf(error, '请再扫一次。')
      seen.delete(text)
      parts.buzz(false)
    }
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = working.then(work, work)
    working = turn
    return turn
  }

  return {
    answer,
    last,
    list,
    trouble,
    state,
    mayBeOwnClock: computed(() => untimely.value >= 2),
    marked: computed(() => list.value.filter(({ undoable }) => undoable).length),
    /** What the camera reads, as often as it does. */
    saw(text: string): Promise<void> | undefined {
      const at = performance.now()
      const before = seen.get(text)
      seen.set(text, at)
      if (before !== undefined && at - before < SAME_SHOWING_MS) return undefined
      return inTurn(() => hear(text))
    },
    /** The officer lets the code count by what they see. */
    byHand: (): Promise<void> =>
      inTurn(async () => {
        const told = answer.value
        if (told?.type !== 'hand') return
        try {
          await mark(told.person, { method: 'scan', proof: told.proof, byHand: told.reason })
          answer.value = undefined
          trouble.value = ''
        } catch (error) {
          trouble.value = sentenceOf(error, '请再点一次。')
        }
      }),
    undo: (): Promise<void> =>
      inTurn(async () => {
        try {
          const undone = await acts?.undo()
          const [top] = list.value.filter(({ undoable }) => undoable)
          if (undone?.type !== 'undone' || top === undefined) return
          const word = undone.kept > 0 ? '已被更正，保持不变' : '已撤销'
          list.value = list.value.map((each) => (each === top ? { ...top, word, undoable: false } : each))
          if (last.value === top) last.value = undefined
          trouble.value = ''
        } catch (error) {
          trouble.value = sentenceOf(error, '请再点一次。')
        }
      }),
  }
}
