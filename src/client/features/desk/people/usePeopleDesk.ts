/** The list of people, who is chosen, and the issue of activation codes, which are shown once and never kept. */
import { computed, ref, shallowRef } from 'vue'
import { command } from '../../../remote/commands.ts'
import { ask } from '../../../remote/questions.ts'
import { useAct } from '../../../ui/asking/use-act.ts'
import { useAnswer } from '../../../ui/asking/use-answer.ts'
import { CodesAnswer, PeopleAnswer, searchPeople, type IssuedCode, type PeopleFilter } from './people.ts'

const PAGE = 100

export function usePeopleDesk() {
  const asked = useAnswer((signal) => ask('people', { schema: PeopleAnswer, signal }))
  const { answer } = asked
  const query = ref('')
  const filter = ref<PeopleFilter>('all')
  const most = ref(PAGE)
  const chosen = shallowRef<ReadonlySet<string>>(new Set())
  const codes = shallowRef<IssuedCode[]>([])
  const issuing = useAct()
  const found = computed(() => searchPeople(answer.value?.people ?? [], query.value, filter.value))

  return {
    people: computed(() => answer.value?.people),
    asked,
    query,
    filter,
    found,
    shown: computed(() => found.value.slice(0, most.value)),
    showMore: () => (most.value += PAGE),
    chosen,
    choose(personIds: readonly string[], isChosen: boolean) {
      const next = new Set(chosen.value)
      for (const id of personIds) {
        if (isChosen) next.add(id)
        else next.delete(id)
      }
      chosen.value = next
    },
    codes,
    issuing,
    /** Each attempt is an act of its own: an answer that was lost is not repeated, its codes are void with the next. */
    issue: () =>
      issuing.run(async () => {
        if (chosen.value.size === 0) return
        const body = { personIds: [...chosen.value] }
        codes.value = (await command('issue-activation-codes', body, { schema: CodesAnswer })).codes
        chosen.value = new Set()
      }),
  }
}
