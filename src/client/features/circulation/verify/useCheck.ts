/** One file checked on this phone: an exported circulation, an exported meeting, or the archive of a year. Nothing of it is kept or sent. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { readBundle, type SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { verifyBundle, type BundleVerdict } from '../../../../shared/circulation/bundle/verify-bundle.ts'
import { verifyYear, type YearVerdict } from '../../../../shared/circulation/bundle/verify-year.ts'
import {
  isMeetingBundle,
  readMeetingBundle,
  type SealedMeeting,
} from '../../../../shared/meetings/bundle/bundle.ts'
import { verifyMeeting, type MeetingVerdict } from '../../../../shared/meetings/bundle/verify.ts'
import type { Phone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { checkSignature } from '../../../storage/check-signature.ts'
import { hashOf, inflateWithin, isZip, sourceOf } from './read-file.ts'

/** Fifty people with handwriting are about a megabyte. */
const MAX_BYTES = 64 * 1024 * 1024
/** Between two of them the thumb is answered. */
const BREATHE_MS = 40

export interface CheckedBundle {
  bundle: SealedBundle
  verdict: BundleVerdict
}

export interface CheckedMeeting {
  bundle: SealedMeeting
  verdict: MeetingVerdict
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function useCheck(phone: Phone) {
  const one = shallowRef<CheckedBundle>()
  const meeting = shallowRef<CheckedMeeting>()
  const year = shallowRef<YearVerdict>()
  const trouble = ref('')
  const isChecking = ref(false)
  const progress = ref<{ done: number; all: number }>()
  let abort = new AbortController()
  const stop = (): void => abort.abort()
  onScopeDispose(stop)

  async function checkOne(file: File, known: ReadonlySet<string> | null): Promise<void> {
    const text = file.size > MAX_BYTES ? '' : await file.text()
    const raw = parse(text)
    if (isMeetingBundle(raw)) return checkMeeting(raw, known)
    const read = readBundle(text)
    if (read.ok)
      one.value = { bundle: read.bundle, verdict: await verifyBundle(read.bundle, checkSignature, known) }
    else trouble.value = read.sentence
  }

  async function checkMeeting(raw: unknown, known: ReadonlySet<string> | null): Promise<void> {
    const read = readMeetingBundle(raw)
    if (read.ok)
      meeting.value = { bundle: read.bundle, verdict: await verifyMeeting(read, checkSignature, known) }
    else trouble.value = read.sentence
  }

  async function checkYear(file: File, known: ReadonlySet<string> | null): Promise<void> {
    let breathedAt = performance.now()
    const result = await verifyYear({
      source: sourceOf(file),
      inflate: inflateWithin,
      check: checkSignature,
      known,
      hash: async (bytes) => {
        if (performance.now() - breathedAt > BREATHE_MS) {
          await new Promise((resolve) => setTimeout(resolve))
          breathedAt = performance.now()
        }
        return hashOf(bytes)
      },
      onProgress: (done, all) => (progress.value = { done, all }),
      goOn: () => abort.signal.throwIfAborted(),
    })
    if (result.ok) year.value = result.verdict
    else trouble.value = result.sentence
  }

  async function check(file: File): Promise<void> {
    if (isChecking.value) return
    one.value = meeting.value = year.value = progress.value = undefined
    trouble.value = ''
    isChecking.value = true
    abort = new AbortController()
    try {
      const ids = await phone.db.records('endpoint-key').toCollection().primaryKeys()
      const known = ids.length === 0 ? null : new Set(ids)
      await ((await isZip(file)) ? checkYear : checkOne)(file, known)
    } catch (error) {
      if (!abort.signal.aborted) trouble.value = sentenceOf(error, '没有读出这个文件，请再选一次。')
    } finally {
      isChecking.value = false
      progress.value = undefined
    }
  }
  return { one, meeting, year, trouble, isChecking, progress, check, stop }
}
