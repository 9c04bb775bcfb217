/**
 * 离线保存: brings everything that is planned to the phone, one file after another. One keeper for each open phone; the page
 * looks at it, me.ahead.ts wakes it.
 *
 * Guaranteed: what was asked for stays asked for until the person stops it, so a cut or a closed app only delays it, and what
 * is published later comes by itself; a file that the endpoint refuses is left out and counted; nothing is tried again
 * without something new (the network, a start, a change of the plan); no update of the app comes while something is on its way.
 */
import { shallowReadonly, shallowRef, type ShallowRef } from 'vue'
import { RemoteProblem } from '../../../remote/call.ts'
import { WrongBytes } from '../../../storage/files/partial-download.ts'
import type { Phone } from '../../../storage/phone.ts'
import { guarded } from '../../../storage/trouble.ts'
import { markBusy } from '../../../ui/page/busy.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { readPlan } from './offline-plan.ts'

/** In the phone's own bookkeeping: true while the person wants everything here. */
export const WANTED = 'keepOffline'

export interface OfflineRun {
  isRunning: boolean
  /** Bytes of the file that is on its way. */
  loadedBytes: number
  problem: string | null
  /** Room has to be made on the phone first. */
  isFull: boolean
  /** Files that the endpoint did not give. */
  leftOut: number
}

export interface OfflineKeeper {
  run: Readonly<ShallowRef<OfflineRun>>
  start(): Promise<void>
  stop(): Promise<void>
  /** Goes on where it is wanted and something is missing. */
  wake(): Promise<void>
  close(): void
}

const RESTING: OfflineRun = { isRunning: false, loadedBytes: 0, problem: null, isFull: false, leftOut: 0 }

export const isWanted = async ({ db }: Pick<Phone, 'db'>): Promise<boolean> =>
  (await db.meta.get(WANTED))?.value === true

const isFull = (error: unknown): boolean => error instanceof Error && Reflect.get(error, 'kind') === 'quota'

/** Only this file is at fault; the others may still come. */
const isOfThisFile = (error: unknown): boolean =>
  error instanceof WrongBytes || (error instanceof RemoteProblem && error.code === 'not-found')

function whyStopped(error: unknown): string {
  if (error instanceof RemoteProblem && error.code === 'offline')
    return '现在没有网络，已存下的都在，连上后自动接着保存。'
  if (isFull(error)) return '手机空间不足，已存下的都在。请先清理一些，再接着保存。'
  return sentenceOf(error, '没有全部下载，已存下的都在。请再试一次。')
}

export function createOfflineKeeper(phone: Pick<Phone, 'db' | 'blobs' | 'now' | 'person'>): OfflineKeeper {
  const { db, blobs } = phone
  const run = shallowRef<OfflineRun>(RESTING)
  const refused = new Set<string>()
  let abort = new AbortController()
  let isClosed = false

  async function fetchMissing({ signal }: AbortController): Promise<void> {
    for (;;) {
      const { missing } = await guarded(db, () => readPlan(phone))
      const next = missing.find((file) => !refused.has(file.sha256))
      if (next === undefined || signal.aborted) return
      try {
        await blobs.keep(next.sha256, {
          signal,
          onProgress: (loadedBytes) => (run.value = { ...run.value, loadedBytes }),
        })
      } catch (error) {
        if (signal.aborted || !isOfThisFile(error)) throw error
        refused.add(next.sha256)
      }
      run.value = { ...run.value, loadedBytes: 0 }
    }
  }

  async function keepAll(): Promise<void> {
    if (isClosed || run.value.isRunning) return
    abort = new AbortController()
    const mine = abort
    run.value = { ...RESTING, isRunning: true }
    const release = markBusy('离线保存')
    try {
      await fetchMissing(mine)
      run.value = { ...RESTING, leftOut: refused.size }
    } catch (error) {
      run.value = mine.signal.aborted
        ? RESTING
        : { ...RESTING, problem: whyStopped(error), isFull: isFull(error), leftOut: refused.size }
    } finally {
      release()
    }
  }

  return {
    run: shallowReadonly(run),
    async start() {
      refused.clear()
      await guarded(db, () => db.meta.put({ key: WANTED, value: true }))
      await keepAll()
    },
    async stop() {
      abort.abort()
      await guarded(db, () => db.meta.delete(WANTED))
    },
    async wake() {
      if (!navigator.onLine || !(await guarded(db, () => isWanted(phone)))) return
      const { missing } = await guarded(db, () => readPlan(phone))
      if (missing.some((file) => !refused.has(file.sha256))) await keepAll()
    },
    close() {
      isClosed = true
      abort.abort()
    },
  }
}

const keepers = new WeakMap<object, OfflineKeeper>()

export function offlineKeeperOf(phone: Phone): OfflineKeeper {
  const keeper = keepers.get(phone) ?? createOfflineKeeper(phone)
  keepers.set(phone, keeper)
  return keeper
}

export function endOfflineKeeper(phone: Phone): void {
  keepers.get(phone)?.close()
  keepers.delete(phone)
}
