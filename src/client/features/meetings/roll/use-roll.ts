/** One sitting's roll as its page uses it: read live, and the acts that change it. */
import { computed, ref, shallowRef, watch } from 'vue'
import { isClockWrong } from '../../../../shared/meetings/clock-doubt.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { readMeta } from '../../../storage/meta.ts'
import { usePhone } from '../../../storage/phone.ts'
import { readRoll } from '../model/read-meetings.ts'
import { createRollActs, mayTakeRoll, type MarkTarget, type RollActs, type UndoAnswer } from './roll-acts.ts'
import { useRollLines } from './lines/use-roll-lines.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export function useRoll(meetingId: string, sittingId: string) {
  const phone = usePhone()
  const trouble = ref('')
  const undoable = ref(0)
  const acts = shallowRef<RollActs>()

  const read = useLiveOrLoading(async () => {
    const roll = await readRoll(phone.db, meetingId)
    const mayTake = roll !== null && (await mayTakeRoll(phone, roll.meeting.fields.unitId))
    const offset = await readMeta(phone.db, 'serverOffset')
    return { roll, mayTake, isClockWrong: isClockWrong(offset) }
  })
  const roll = computed(() => read.value?.roll ?? null)
  const sitting = computed(() => roll.value?.meeting.fields.sittings.find((s) => s.id === sittingId))
  watch(roll, (loaded) => {
    const unitId = loaded?.meeting.fields.unitId
    if (unitId !== undefined) acts.value ??= createRollActs(phone, { meetingId, sittingId, unitId })
  })

  const lines = useRollLines(roll, sittingId)
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
    sitting,
    trouble,
    undoable,
    mark: (targets: readonly MarkTarget[]): Promise<number | undefined> =>
      guarded((page) => page.mark(targets)),
    /** It was called off by mistake, or held all the same. */
    async restore(): Promise<void> {
      const standing = roll.value?.meeting
      if (standing === undefined) return
      try {
        await phone.store.put('meeting', { ...standing.fields, state: 'planned' }, { id: standing.id })
      } catch (error) {
        trouble.value = sentenceOf(error, '请再点一次。')
      }
    },
    undo: (): Promise<UndoAnswer | undefined> => guarded((page) => page.undo()),
  }
}
