/** One sitting's roll as its pages use it: read live, and the acts that change it. */
import { computed, ref, shallowRef, watch } from 'vue'
import { civilMonth } from '../../../../shared/civil-time.ts'
import { isClockWrong } from '../../../../shared/meetings/clock-doubt.ts'
import type { Sitting } from '../../../../shared/meetings/meeting.ts'
import { droppedSittings, withSittingBack } from '../../../../shared/meetings/sittings/dropped-sittings.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { readMeta } from '../../../storage/meta.ts'
import { usePhone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { readRoll } from '../model/read-meetings.ts'
import { aroundMonth, readRosters } from '../shifts/read-shifts.ts'
import { useRollStanding } from './frame/standing.ts'
import { useRollLines } from './lines/use-roll-lines.ts'
import { createRollActs, mayTakeRoll, type MarkTarget, type RollActs, type UndoAnswer } from './roll-acts.ts'

export function useRoll(meetingId: string, sittingId: string) {
  const phone = usePhone()
  const trouble = ref('')
  const undoable = ref(0)
  const acts = shallowRef<RollActs>()

  const now = useLiveOrLoading(async () => {
    const roll = await readRoll(phone.db, meetingId)
    const mayTake = roll !== null && (await mayTakeRoll(phone, roll.meeting.fields.unitId))
    const offset = await readMeta(phone.db, 'serverOffset')
    return { roll, mayTake, isClockWrong: isClockWrong(offset) }
  })
  // Apart from the roll: not read again at each mark.
  const shifts = useLiveOrLoading(async () => {
    const meeting = await phone.db.records('meeting').get(meetingId)
    const months = (meeting?.fields.sittings ?? []).flatMap((s) => aroundMonth(civilMonth(s.startsAt)))
    return await readRosters(phone.db, [...new Set(months)])
  })
  // Together, so that the first order is the last one.
  const read = computed(() => (shifts.value === undefined ? undefined : now.value))
  const roll = computed(() => read.value?.roll ?? null)
  const { meeting, sitting, standing } = useRollStanding(() => read.value, sittingId)
  watch(roll, (loaded) => {
    const unitId = loaded?.meeting.fields.unitId
    if (unitId !== undefined) acts.value ??= createRollActs(phone, { meetingId, sittingId, unitId })
  })

  /** As it stood while this page was open: who takes it out of the meeting takes its name and hour along. */
  const lastSeen = shallowRef<Sitting>()
  watch(sitting, (seen) => (lastSeen.value = seen ?? lastSeen.value), { immediate: true })

  const lines = useRollLines(roll, sittingId, shifts)
  const guarded = async <T>(work: (acts: RollActs) => Promise<T>): Promise<T | undefined> => {
    if (acts.value === undefined) return undefined
    try {
      const answer = await work(acts.value)
      trouble.value = ''
      return answer
    } catch (error) {
      trouble.value = sentenceOf(error, '这一笔请再点一次。')
      return undefined
    } finally {
      undoable.value = acts.value.undoable
    }
  }
  return {
    ...lines,
    me: phone.person.id,
    read,
    roll,
    meeting,
    sitting,
    standing,
    trouble,
    undoable,
    mark: (targets: readonly MarkTarget[]): Promise<number | undefined> =>
      guarded((page) => page.mark(targets)),
    /** The meeting was called off, or the sitting taken out of it, by mistake; or it was held all the same. */
    async restore(): Promise<void> {
      if (roll.value === null) return
      const { id, fields } = roll.value.meeting
      const dropped = droppedSittings(fields, roll.value.marks).find((one) => one.id === sittingId)
      const back =
        dropped === undefined
          ? { ...fields, state: 'planned' as const }
          : withSittingBack(fields, dropped, lastSeen.value)
      try {
        await phone.store.put('meeting', back, { id })
        trouble.value = ''
      } catch (error) {
        trouble.value = sentenceOf(error, '请再点一次。')
      }
    },
    undo: (): Promise<UndoAnswer | undefined> => guarded((page) => page.undo()),
  }
}
export type RollPageState = ReturnType<typeof useRoll>
