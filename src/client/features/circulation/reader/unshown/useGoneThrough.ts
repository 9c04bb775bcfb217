/**
 * All files of a revision gone through, for whoever is about to sign it: how many pages are still to come. A file that does not
 * open counts as not here, as in the reader.
 */
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { Revision } from '../../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../../shared/circulation/document/signed-sha256.ts'
import { useLiveOrLoading } from '../../../../storage/live.ts'
import { usePhone, type Phone } from '../../../../storage/phone.ts'
import type { KeptFile } from '../../../../storage/files/kept-file.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { readingOf } from '../file-kind.ts'
import type { PagedFile } from '../pages/paged-file.ts'
import { goThrough } from './go-through.ts'
import { noteShown } from './unshown-files.ts'
import { isGoneThrough, pagesKnown } from './unshown-parts.ts'

const OPEN = {
  pdf: async (file: KeptFile): Promise<PagedFile> => (await import('../pdf/pages-of-pdf.ts')).openPages(file),
  ofd: async (file: KeptFile): Promise<PagedFile> => (await import('../ofd/open-ofd.ts')).openOfd(file),
}

/** Text, and pictures by themselves, are shown whole or not at all. */
function pagedFilesOf(revision: Revision) {
  return filesOf(revision).flatMap((one) => {
    const reading = readingOf(one)
    return reading.type === 'pdf' || reading.type === 'ofd'
      ? [{ sha256: reading.sha256, pages: one.pages ?? 1, open: OPEN[reading.type] }]
      : []
  })
}

/** 0: all of it is known. */
export async function pagesToGo({ db }: Pick<Phone, 'db'>, revision: Revision): Promise<number> {
  const left = await Promise.all(
    pagedFilesOf(revision).map(async ({ sha256, pages }) => {
      const known = await pagesKnown(db, sha256)
      return known.has(0) ? 0 : Math.max(1, pages - known.size)
    }),
  )
  return left.reduce((sum, pages) => sum + pages, 0)
}

/** @throws StorageTrouble */
async function goThroughAll(phone: Phone, revision: Revision, signal: AbortSignal): Promise<void> {
  for (const { sha256, open } of pagedFilesOf(revision)) {
    if (signal.aborted || (await isGoneThrough(phone.db, sha256))) continue
    const kept = await phone.blobs.open(sha256)
    if (kept === undefined) continue
    const file = await open(kept).catch(() => undefined)
    if (file === undefined) {
      if (!signal.aborted) noteShown(phone, sha256, false)
      continue
    }
    try {
      await goThrough(phone.db, sha256, file, { turn: (act) => act(signal), isOver: () => signal.aborted })
    } finally {
      await file.close()
    }
  }
}

export function useGoneThrough(revision: () => Revision | undefined) {
  const phone = usePhone()
  const trouble = ref('')
  const of = computed(() => {
    const now = revision()
    return now && signedSha256(now)
  })
  let going: AbortController | undefined
  const stop = (): void => going?.abort()
  async function go(): Promise<void> {
    stop()
    trouble.value = ''
    const now = revision()
    if (now === undefined) return
    const { signal } = (going = new AbortController())
    try {
      await goThroughAll(phone, now, signal)
    } catch (error) {
      if (!signal.aborted) trouble.value = sentenceOf(error, '请返回后再来签字。')
    }
  }
  watch(of, go, { immediate: true })
  onScopeDispose(stop)
  /** Pages to go; undefined while that is read. */
  const left = useLiveOrLoading(async () => {
    const now = revision()
    return now === undefined ? 0 : await pagesToGo(phone, now)
  }, [of])
  return { left, trouble }
}
