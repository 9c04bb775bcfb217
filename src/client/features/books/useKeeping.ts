/**
 * 离线保存: brings the chapters of a book to the phone, one after another.
 *
 * Guaranteed, to the reader: it goes on while one reads or looks elsewhere in the app; stopping keeps the chapters that have
 * come; starting again fetches only what is missing; removing leaves files that another book also uses.
 */
import { shallowReactive } from 'vue'
import { RemoteProblem } from '../../remote/call.ts'
import { usePhone, type Phone } from '../../storage/phone.ts'
import { perApp } from '../../ui/feedback/per-app.ts'
import type { BookOnPhone } from './useBooks.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'

export interface KeepingRun {
  /** Bytes of the chapter that is on its way. */
  loadedBytes: number
  isRunning: boolean
  problem?: string
  controller: AbortController
}

const useRuns = perApp(() => shallowReactive(new Map<string, KeepingRun>()))

const whyNotKept = (error: unknown): string => {
  if (error instanceof RemoteProblem && error.code === 'offline')
    return '现在没有网络，已存下的章节都在。连上后请接着保存。'
  return sentenceOf(error, '没有全部下载，已存下的章节都在。请再试一次。')
}

async function keepAll(phone: Phone, book: BookOnPhone, runs: Map<string, KeepingRun>): Promise<void> {
  const controller = new AbortController()
  const show = (change: Partial<KeepingRun>) =>
    runs.set(book.id, { loadedBytes: 0, isRunning: true, controller, ...change })
  show({})
  try {
    for (const { fields } of book.chapters) {
      if (controller.signal.aborted) break
      await phone.blobs.keep(fields.sha256, {
        onProgress: (loadedBytes) => show({ loadedBytes }),
        signal: controller.signal,
      })
      show({})
    }
    runs.delete(book.id)
  } catch (error) {
    if (controller.signal.aborted) runs.delete(book.id)
    else show({ isRunning: false, problem: whyNotKept(error) })
  }
}

/** Files of the book that no other book names. */
async function removeAll(phone: Phone, book: BookOnPhone): Promise<void> {
  const others = await phone.db.records('book-chapter').toArray()
  const shared = new Set(
    others.filter(({ fields }) => fields.bookId !== book.id).map(({ fields }) => fields.sha256),
  )
  for (const sha256 of book.kept) if (!shared.has(sha256)) await phone.blobs.remove(sha256)
}

export function useKeeping(book: () => BookOnPhone) {
  const phone = usePhone()
  const runs = useRuns()
  return {
    run: () => runs.get(book().id),
    start: () => (runs.get(book().id)?.isRunning ? undefined : keepAll(phone, book(), runs)),
    stop: () => runs.get(book().id)?.controller.abort(),
    remove: () => {
      runs.delete(book().id)
      return removeAll(phone, book())
    },
  }
}
