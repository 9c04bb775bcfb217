/** Saved data is read through these: the screen follows the database, whoever wrote to it. */
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
import { follow } from './upkeep/follow.ts'

const RESUBSCRIBE_MS = 500
/** Doubled so often at most: a minute, for a row that cannot be read. */
const MAX_DOUBLED = 7

/**
 * The newest answer of `query`, asked again whenever a table that it read changes or a dependency changes.
 * After a failed read (a connection lost in the background, a part of the app that did not come) the last answer stays and
 * the query is asked again, later and later.
 * @param from where `initial` was read from the database just now: it is followed from then on
 */
export function useLive<T>(
  query: () => Promise<T>,
  initial: T,
  deps: WatchSource[] = [],
  from?: Promise<void>,
): Readonly<ShallowRef<T>> {
  const answer = shallowRef(initial) as ShallowRef<T>
  let stop = (): void => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  // The second time it is not the connection: perhaps a row that cannot be read.
  const mend = hasInjectionContext() ? inject(phoneKey, undefined)?.mend : undefined
  const mendQuietly = () => void mend?.().catch(() => false)

  const unsubscribe = () => {
    clearTimeout(timer)
    stop()
  }
  const subscribe = () => {
    unsubscribe()
    stop = follow(
      query,
      (value) => {
        failures = 0
        answer.value = value
      },
      () => {
        failures += 1
        if (failures === 2) mendQuietly()
        clearTimeout(timer)
        timer = setTimeout(subscribe, RESUBSCRIBE_MS * 2 ** Math.min(failures - 1, MAX_DOUBLED))
      },
    )
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
