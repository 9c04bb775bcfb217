/** Saved data is read through these: the screen follows the database, whoever wrote to it. */
import { liveQuery, type Subscription } from 'dexie'
import {
  hasInjectionContext,
  inject,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  watch,
  type ShallowRef,
  type WatchSource,
} from 'vue'

import { phoneKey } from './phone.ts'

const RESUBSCRIBE_MS = 500
const MAX_RESUBSCRIBES = 5

/**
 * The newest answer of `query`, asked again whenever a table that it read changes or a dependency changes.
 * After a failed read (a database connection lost in the background) the last answer stays and the query is asked again,
 * five times at most.
 * @param from where `initial` was read from the database just now: it is followed from then on
 */
export function useLive<T>(
  query: () => Promise<T>,
  initial: T,
  deps: WatchSource[] = [],
  from?: Promise<void>,
): Readonly<ShallowRef<T>> {
  const answer = shallowRef(initial) as ShallowRef<T>
  let subscription: Subscription | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  // The second time it is not the connection: perhaps a row that cannot be read.
  const mend = hasInjectionContext() ? inject(phoneKey, undefined)?.mend : undefined
  const mendQuietly = () => void mend?.().catch(() => false)

  const unsubscribe = () => {
    clearTimeout(timer)
    subscription?.unsubscribe()
  }
  const subscribe = () => {
    unsubscribe()
    subscription = liveQuery(query).subscribe({
      next: (value) => {
        failures = 0
        answer.value = value
      },
      error: () => {
        failures += 1
        if (failures === 2) mendQuietly()
        if (failures <= MAX_RESUBSCRIBES) timer = setTimeout(subscribe, RESUBSCRIBE_MS * failures)
      },
    })
  }

  if (deps.length > 0) watch(deps, subscribe)
  let isOver = false
  onScopeDispose(() => {
    isOver = true
    unsubscribe()
  })
  if (from === undefined) subscribe()
  else void from.then(() => isOver || subscribe())
  return shallowReadonly(answer)
}

/** Undefined until the first answer, so that a screen can tell "loading" from "nothing there". */
export function useLiveOrLoading<T>(
  query: () => Promise<T>,
  deps: WatchSource[] = [],
): Readonly<ShallowRef<T | undefined>> {
  return useLive<T | undefined>(query, undefined, deps)
}
