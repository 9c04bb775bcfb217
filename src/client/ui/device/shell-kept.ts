/**
 * Whether the app itself opens without a network: its pages and scripts, not what a person reads with them.
 *
 * Guaranteed: 'ready' is said only of an active service worker, which exists only after all its files were kept, and when what
 * the files on this phone are read with is here too; until then, and where a browser has no worker, nothing here says ready.
 */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue'
import { keepNeededParts, lookForParts, neededParts } from './later-parts.ts'
import { hearProgress } from './shell-progress.ts'

export type ShellKept =
  | { state: 'asking' }
  /** `part` of 1; null before the worker has told. */
  | { state: 'coming'; part: number | null }
  | { state: 'ready' }
  /** Broken off: goes on at the next start, or when it is asked for again. */
  | { state: 'stopped' }
  /** This browser, window or address has no service worker: without a network nothing opens. */
  | { state: 'impossible' }

type Workers = Pick<ServiceWorkerContainer, 'getRegistration' | 'register'>

/** @returns how to ask again after it was broken off, and how to stop */
export function followShell(
  tell: (kept: ShellKept) => void,
  workers: Workers | undefined = navigator.serviceWorker,
): { again: () => Promise<void>; stop: () => void } {
  let registration: ServiceWorkerRegistration | undefined
  let part: number | null = null
  let isStopped = false

  const look = (): void => {
    if (isStopped || registration === undefined) return
    if (registration.active !== null) return tell({ state: 'ready' })
    const coming = registration.installing ?? registration.waiting
    if (coming === null) return tell({ state: 'stopped' })
    tell({ state: 'coming', part })
    coming.addEventListener('statechange', look)
  }
  const ask = async (): Promise<void> => {
    if (workers === undefined) return tell({ state: 'impossible' })
    try {
      registration = await workers.getRegistration()
      // Where one is already coming, the browser joins the two askings.
      if (registration === undefined || !(registration.active ?? registration.installing))
        registration = await workers.register('/sw.js', { updateViaCache: 'none' })
      registration.addEventListener('updatefound', look)
      look()
    } catch (error) {
      const isRefused = error instanceof DOMException && error.name !== 'NetworkError'
      if (!isStopped) tell({ state: isRefused ? 'impossible' : 'stopped' })
    }
  }
  const stopHearing = hearProgress(({ kept, all }) => {
    part = kept / all
    look()
  })
  void ask()
  return {
    again: ask,
    stop() {
      isStopped = true
      stopHearing()
    },
  }
}

/** For as long as the component stands. The viewers that the files here are read with belong to the app. */
export function useShellKept(): { shell: ComputedRef<ShellKept>; keepShell: () => Promise<void> } {
  const own = shallowRef<ShellKept>({ state: 'asking' })
  const isBroken = shallowRef(!navigator.onLine)
  const { again, stop } = followShell((kept) => (own.value = kept))
  const shell = computed<ShellKept>(() => {
    if (own.value.state !== 'ready' || neededParts.value === 'kept') return own.value
    if (neededParts.value === 'unknown') return { state: 'asking' }
    return isBroken.value ? { state: 'stopped' } : { state: 'coming', part: null }
  })
  async function keepParts(): Promise<void> {
    isBroken.value = !navigator.onLine
    await lookForParts()
    if (!isBroken.value) await keepNeededParts()
  }
  const tryParts = (): Promise<void> => keepParts().catch(() => void (isBroken.value = true))
  const keepShell = async (): Promise<void> => {
    await Promise.all([own.value.state === 'ready' ? undefined : again(), tryParts()])
  }
  const goOn = () => void (shell.value.state === 'stopped' && keepShell())
  const breakOff = () => void (isBroken.value = true)
  // What is needed may become known while one looks.
  watch(neededParts, (state) => void (state === 'unknown' && tryParts()), { immediate: true })
  window.addEventListener('online', goOn)
  window.addEventListener('offline', breakOff)
  onScopeDispose(() => {
    window.removeEventListener('online', goOn)
    window.removeEventListener('offline', breakOff)
    stop()
  })
  return { shell, keepShell }
}
