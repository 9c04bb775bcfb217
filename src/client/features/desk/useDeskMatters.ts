/**
 * What the first page of the desk shows. What the phone holds stands there at once and follows it; what only the endpoint knows
 * is asked once and again on demand, each question on its own, and what did not come is named.
 */
import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { readActor } from '../../storage/actor.ts'
import { useLiveOrLoading } from '../../storage/live.ts'
import { usePhone } from '../../storage/phone.ts'
import { mayUseDesk } from '../../ui/desk-places.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import type { TodayPhone } from '../../ui/today.ts'
import { troubleOf, type Trouble } from '../../ui/asking/trouble.ts'

/** Null = not this person's work; undefined while it is read. */
type Answer = DeskMatter[] | Trouble | null | undefined

const isTrouble = (answer: Answer): answer is Trouble => answer != null && !Array.isArray(answer)

export interface SourcedMatter extends DeskMatter {
  /** Unique on the page. */
  place: string
}

export function useDeskMatters(sources: readonly DeskSource[], roles: () => readonly { role: string }[]) {
  const phone = usePhone()
  const abort = new AbortController()
  onScopeDispose(() => abort.abort())
  const own = computed(() => sources.filter((source) => mayUseDesk(source.for, roles())))
  const contextNow = async (): Promise<DeskContext> => ({
    phone: phone as unknown as TodayPhone,
    actor: await readActor(phone.db, phone.person.id, phone.now()),
    now: phone.now(),
    signal: abort.signal,
  })

  const here = useLiveOrLoading(async () => {
    const context = await contextNow()
    const read = own.value.filter((source) => !source.isAsked)
    const loaded = await Promise.all(read.map(async (s) => [s, await s.load(context)] as const))
    return new Map<DeskSource, Answer>(loaded)
  }, [own])

  const asked = shallowRef<ReadonlyMap<DeskSource, Answer>>(new Map())
  const keep = (source: DeskSource, answer: Answer) => {
    if (!abort.signal.aborted) asked.value = new Map(asked.value).set(source, answer)
  }
  async function ask(source: DeskSource): Promise<void> {
    keep(source, undefined)
    try {
      keep(source, await source.load(await contextNow()))
    } catch (problem) {
      keep(source, troubleOf(problem))
    }
  }
  /** What was never asked or did not come; not what is on its way. */
  const askAgain = (): void => {
    for (const source of own.value) {
      const isKnown = asked.value.has(source) && !isTrouble(asked.value.get(source))
      if (source.isAsked && !isKnown) void ask(source)
    }
  }
  watch(own, askAgain, { immediate: true })

  const answers = computed(() =>
    own.value.map((source) => ({
      source,
      answer: (source.isAsked ? asked.value : here.value)?.get(source),
    })),
  )
  const matters = computed(() =>
    answers.value.flatMap(({ source, answer }) =>
      Array.isArray(answer)
        ? answer.map((matter): SourcedMatter => ({ ...matter, place: `${source.name}:${matter.key}` }))
        : [],
    ),
  )
  const namesWhere = (isSo: (answer: Answer) => boolean) =>
    computed(() => answers.value.filter(({ answer }) => isSo(answer)).map(({ source }) => source.name))

  return {
    isReading: computed(() => answers.value.some(({ answer }) => answer === undefined)),
    urgent: computed(() => matters.value.filter((matter) => matter.isUrgent)),
    running: computed(() => matters.value.filter((matter) => !matter.isUrgent)),
    /** Those that have nothing. */
    quiet: namesWhere((answer) => Array.isArray(answer) && answer.length === 0),
    missing: namesWhere(isTrouble),
    trouble: computed(() => answers.value.map(({ answer }) => answer).find(isTrouble)),
    askAgain,
  }
}
