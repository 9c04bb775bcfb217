/** One side of one month in work: what stands on the phone, with what is being typed on top. */
import { computed, watch, type ComputedRef } from 'vue'
import type { Side } from '../../../../shared/assessment/sides.ts'
import { selfAssessmentId, type Answer } from '../../../../shared/assessment/self-assessment.ts'
import { selfTotal, unanswered } from '../../../../shared/assessment/totals.ts'
import { readActor } from '../../../storage/actor.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { answerOf } from '../answers.ts'
import type { DraftValues } from '../draft-writer.ts'
import { readSide, type SideState } from '../side-state.ts'
import { useDraftWriter } from '../useDraftWriter.ts'

export function useSelfAssessment(month: string, side: Side) {
  const phone = usePhone()
  const draftId = selfAssessmentId(phone.person.id, month, side)
  const state = useLiveOrLoading(async () =>
    readSide(phone.db, await readActor(phone.db, phone.person.id, phone.now()), month, side),
  )

  async function save(changes: DraftValues): Promise<void> {
    const set = state.value?.set
    if (state.value === undefined || set == null) return
    const { draft, answers } = state.value
    // A set that the office replaced in the middle of the month: the draft follows it with the next word.
    const newer = draft !== null && draft.fields.setId !== set.id ? { setId: set.id } : {}
    const create = { personId: phone.person.id, month, side, setId: set.id, answers }
    await phone.store.edit('self-assessment', draftId, { ...changes, ...newer }, { create })
  }
  const writer = useDraftWriter('自评', save)
  watch(state, (now) => now && writer.readBack((path) => valueAt(now, path)))

  const answers = computed(() => {
    const set = state.value?.set
    const whole: Record<string, Answer> = {}
    for (const { id } of set?.fields.indicators ?? []) whole[id] = withTyped(id)
    return whole
  })
  function withTyped(id: string): Answer {
    const answer = answerOf(state.value?.draft?.fields.answers ?? state.value?.answers, id)
    const typed = (part: keyof Answer) => writer.typed.value.get(`answers/${id}/${part}`)
    return {
      score: typed('score') === undefined ? answer.score : (typed('score') as number | null),
      sentence: (typed('sentence') as string | undefined) ?? answer.sentence,
      evidence: (typed('evidence') as string | undefined) ?? answer.evidence,
    }
  }

  const ofSet = <T>(read: (set: NonNullable<SideState['set']>) => T, without: T): ComputedRef<T> =>
    computed(() => (state.value?.set == null ? without : read(state.value.set)))
  return {
    draftId,
    state,
    writer,
    answers,
    total: ofSet((set) => selfTotal(set.fields, answers.value), 0),
    missing: ofSet((set) => unanswered(set.fields, answers.value), []),
    change: (id: string, part: keyof Answer, value: string | number | null) =>
      writer.set({ [`answers/${id}/${part}`]: value }),
  }
}

function valueAt(state: SideState, path: string): string | number | null | undefined {
  const [, id, part] = path.split('/') as [string, string, keyof Answer]
  return state.draft?.fields.answers[id]?.[part]
}
