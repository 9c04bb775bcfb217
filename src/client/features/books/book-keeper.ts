/**
 * 离线保存 of books: brings the chapters of a book to the phone, one after another. One keeper for each open phone; screens
 * look at it, books.ahead.ts wakes it.
 *
 * Guaranteed, to the reader: it goes on while one reads or looks elsewhere in the app; what was asked for stays asked for
 * until it is here, stopped or removed, so a cut or a restart only delays it; stopping keeps the chapters that have come;
 * no chapter that is here is fetched again; removing leaves files that another book also uses; no update of the app comes
 * while something is on its way.
 */
import { shallowReactive } from 'vue'
import { RemoteProblem } from '../../remote/call.ts'
import type { Phone } from '../../storage/phone.ts'
import { guarded } from '../../storage/trouble.ts'
import { markBusy } from '../../ui/page/busy.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'
import { inOrder } from './chapters.ts'

export interface KeepingRun {
  /** Bytes of the chapter that is on its way. */
  loadedBytes: number
  isRunning: boolean
  problem?: string
  /** Room has to be made on the phone first. */
  isFull?: boolean
  controller: AbortController
}

export interface BookKeeper {
  runs: ReadonlyMap<string, KeepingRun>
  start(bookId: string): Promise<void>
  stop(bookId: string): Promise<void>
  /** Takes the files of the book that no other book names off the phone. */
  remove(bookId: string): Promise<void>
  /** Goes on with what was asked for and is not here yet. */
  wake(): Promise<void>
  close(): void
}

/** In the phone's own bookkeeping: books asked for that are not whole yet. */
const WANTED = 'keepBooks'

const isFull = (error: unknown): boolean => error instanceof Error && Reflect.get(error, 'kind') === 'quota'

function whyNotKept(error: unknown): string {
  if (error instanceof RemoteProblem && error.code === 'offline')
    return '现在没有网络，已存下的章节都在，连上后自动接着保存。'
  return sentenceOf(error, '没有全部下载，已存下的章节都在。请再试一次。')
}

export function createBookKeeper(phone: Pick<Phone, 'db' | 'blobs'>): BookKeeper {
  const { db, blobs } = phone
  const runs = shallowReactive(new Map<string, KeepingRun>())
  let isClosed = false

  const readWanted = async (): Promise<string[]> =>
    ((await guarded(db, () => db.meta.get(WANTED)))?.value as string[] | undefined) ?? []
  const want = (bookId: string, isWanted: boolean): Promise<void> =>
    guarded(db, () =>
      db.transaction('rw', db.meta, async () => {
        const held = ((await db.meta.get(WANTED))?.value as string[] | undefined) ?? []
        const others = held.filter((id) => id !== bookId)
        await db.meta.put({ key: WANTED, value: isWanted ? [...others, bookId] : others })
      }),
    )
  const chaptersOf = async (bookId: string) =>
    inOrder(
      await guarded(db, () => db.records('book-chapter').where('fields.bookId').equals(bookId).toArray()),
    )

  async function keepAll(bookId: string): Promise<void> {
    if (isClosed || runs.get(bookId)?.isRunning) return
    const controller = new AbortController()
    const show = (change: Partial<KeepingRun>) =>
      runs.set(bookId, { loadedBytes: 0, isRunning: true, controller, ...change })
    show({})
    const release = markBusy('离线保存')
    try {
      for (const { fields } of await chaptersOf(bookId)) {
        if (controller.signal.aborted) break
        await blobs.keep(fields.sha256, {
          onProgress: (loadedBytes) => show({ loadedBytes }),
          signal: controller.signal,
        })
        show({})
      }
      if (!controller.signal.aborted) await want(bookId, false)
      runs.delete(bookId)
    } catch (error) {
      if (controller.signal.aborted) runs.delete(bookId)
      else show({ isRunning: false, problem: whyNotKept(error), isFull: isFull(error) })
    } finally {
      release()
    }
  }

  return {
    runs,
    async start(bookId) {
      await want(bookId, true)
      await keepAll(bookId)
    },
    async stop(bookId) {
      runs.get(bookId)?.controller.abort()
      await want(bookId, false)
    },
    async remove(bookId) {
      runs.delete(bookId)
      await want(bookId, false)
      const others = await guarded(db, () => db.records('book-chapter').toArray())
      const shared = new Set(
        others.filter(({ fields }) => fields.bookId !== bookId).map(({ fields }) => fields.sha256),
      )
      for (const { fields } of await chaptersOf(bookId))
        if (!shared.has(fields.sha256)) await blobs.remove(fields.sha256)
    },
    async wake() {
      if (!navigator.onLine) return
      for (const bookId of await readWanted()) await keepAll(bookId)
    },
    close() {
      isClosed = true
      for (const run of runs.values()) run.controller.abort()
    },
  }
}

const keepers = new WeakMap<object, BookKeeper>()

export function bookKeeperOf(phone: Phone): BookKeeper {
  const keeper = keepers.get(phone) ?? createBookKeeper(phone)
  keepers.set(phone, keeper)
  return keeper
}

/** Goes on at the start and whenever the network is back. @returns how to stop */
export function keepBooks(phone: Phone): () => void {
  const keeper = bookKeeperOf(phone)
  // The page about books tells what is wrong with them.
  const wake = () => void keeper.wake().catch(() => undefined)
  wake()
  window.addEventListener('online', wake)
  return () => {
    window.removeEventListener('online', wake)
    keeper.close()
    keepers.delete(phone)
  }
}
