/**
 * All files of a revision gone through, for whoever is about to sign it: how many pages are still to come, a file without pages
 * counting as one. A file that does not open counts as not here, as in the reader.
 */
import { computed, onScopeDispose, ref, watch } from 'vue'
import type { Revision } from '../../../../../shared/circulation/document/document.ts'
import { filesOf } from '../../../../../shared/circulation/document/revisions.ts'
import { signedSha256 } from '../../../../../shared/circulation/document/signed-sha256.ts'
import { useLiveOrLoading } from '../../../../storage/live.ts'
import { usePhone, type Phone } from '../../../../storage/phone.ts'
import type { KeptFile } from '../../../../storage/files/kept-file.ts'
import { sentenceOf } from '../../../../ui/sentence-of.ts'
import { isConvertedWord, readingOf } from '../file-kind.ts'
import type { PagedFile } from '../pages/paged-file.ts'
import { goThrough } from './go-through.ts'
import { noteShown } from './unshown-files.ts'
import { isGoneThrough, pagesKnown } from './unshown-parts.ts'
import { lookAtWhole, PICTURE, TEXT, WORD_ORIGINAL, type WholeLook } from './whole-files.ts'

const OPEN = {
  pdf: async (file: KeptFile): Promise<PagedFile> => (await import('../pdf/pages-of-pdf.ts')).openPages(file),
  ofd: async (file: KeptFile): Promise<PagedFile> => (await import('../ofd/open-ofd.ts')).openOfd(file),
}

/** @returns whether it opens here @throws StorageTrouble */
type Look = (phone: Phone, kept: KeptFile, signal: AbortSignal) => Promise<boolean>

const wholeLook =
  (sha256: string, kind: WholeLook): Look =>
  async ({ db }, file, signal) =>
    await lookAtWhole(db, sha256, { file, kind }, signal)

const pagesLook =
  (sha256: string, open: (kept: KeptFile) => Promise<PagedFile>): Look =>
  async ({ db }, kept, signal) => {
    const file = await open(kept).catch(() => undefined)
    if (file === undefined) return signal.aborted
    try {
      await goThrough(db, sha256, file, { turn: (act) => act(signal), isOver: () => signal.aborted })
      return true
    } finally {
      await file.close()
    }
  }

interface Way {
  sha256: string
  pages: number
  look: Look
}

function waysOf(revision: Revision): Way[] {
  const whole = (sha256: string, kind: WholeLook): Way => ({
    sha256,
    pages: 1,
    look: wholeLook(sha256, kind),
  })
  return filesOf(revision).flatMap((one): Way[] => {
    const reading = readingOf(one)
    if (reading.type === 'none') return []
    const { type, sha256 } = reading
    if (type === 'image') return [whole(sha256, PICTURE)]
    if (type !== 'markdown') return [{ sha256, pages: one.pages ?? 1, look: pagesLook(sha256, OPEN[type]) }]
    const original = isConvertedWord(one) ? [whole(one.file.sha256, WORD_ORIGINAL)] : []
    return [whole(sha256, TEXT), ...original]
  })
}

/** 0: all of it is known. */
export async function pagesToGo({ db }: Pick<Phone, 'db'>, revision: Revision): Promise<number> {
  const left = await Promise.all(
    waysOf(revision).map(async ({ sha256, pages }) => {
      const known = await pagesKnown(db, sha256)
      return known.has(0) ? 0 : Math.max(1, pages - known.size)
    }),
  )
  return left.reduce((sum, pages) => sum + pages, 0)
}

/** @throws StorageTrouble */
async function goThroughAll(phone: Phone, revision: Revision, signal: AbortSignal): Promise<void> {
  for (const { sha256, look } of waysOf(revision)) {
    if (signal.aborted || (await isGoneThrough(phone.db, sha256))) continue
    const kept = await phone.blobs.open(sha256)
    if (kept === undefined) continue
    if (!(await look(phone, kept, signal))) noteShown(phone, sha256, false)
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
  const counted = useLiveOrLoading(async () => {
    const now = revision()
    return { of: now && signedSha256(now), left: now === undefined ? 0 : await pagesToGo(phone, now) }
  }, [of])
  /** Pages to go; undefined while that is read: what was counted of another revision says nothing of this one. */
  const left = computed(() => (counted.value?.of === of.value ? counted.value?.left : undefined))
  return { left, trouble }
}
