/** One file checked on this phone: an exported circulation, an exported meeting, or the archive of a year. Nothing of it is kept or sent. */
import { onScopeDispose, ref, shallowRef } from 'vue'
import { PURPOSE, readBundle } from '../../../shared/circulation/bundle/bundle.ts'
import { verifyBundle } from '../../../shared/circulation/bundle/verify-bundle.ts'
import { verifyYear, type YearVerdict } from '../../../shared/circulation/bundle/verify-year.ts'
import { isMeetingBundle, readMeetingBundle } from '../../../shared/meetings/bundle/bundle.ts'
import { verifyMeeting } from '../../../shared/meetings/bundle/verify.ts'
import { checkSignature } from '../../storage/keys/check-signature.ts'
import type { Phone } from '../../storage/phone.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'
import { circulationFound } from './circulation-found.ts'
import type { Found } from './found.ts'
import { meetingFound } from './meeting-found.ts'
import { hashOf, inflateWithin, isZip, sourceOf } from './read-file.ts'

/** Fifty people with handwriting are about a megabyte. */
const MAX_BYTES = 64 * 1024 * 1024
/** Between two of them the thumb is answered. */
const BREATHE_MS = 40

const WHICH = '请选从传阅单、会议记录里导出的核对文件，或者一年传阅的压缩包。'
/** Of a file that is read, and is none of ours. */
const NOT_OURS = `这个文件不是核对文件，或者没有下载完整。${WHICH}`
const TOO_LARGE = `这个文件超过 64 MB，不像一份核对文件。${WHICH}`

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function useCheck(phone: Phone) {
  const found = shallowRef<Found>()
  const year = shallowRef<YearVerdict>()
  const trouble = ref('')
  const isChecking = ref(false)
  const progress = ref<{ done: number; all: number }>()
  let abort = new AbortController()
  const stop = (): void => abort.abort()
  onScopeDispose(stop)

  async function checkOne(file: File, known: ReadonlySet<string> | null): Promise<void> {
    if (file.size > MAX_BYTES) return void (trouble.value = TOO_LARGE)
    const text = await file.text()
    const raw = parse(text)
    if (isMeetingBundle(raw)) {
      const read = readMeetingBundle(raw)
      if (read.ok) {
        const ownKeys = await phone.db.records('device-key').toArray()
        found.value = meetingFound(read.bundle, await verifyMeeting(read, checkSignature, known, ownKeys))
      } else trouble.value = read.sentence
    } else if ((raw as { purpose?: unknown } | null)?.purpose === PURPOSE) {
      const read = readBundle(text)
      if (read.ok)
        found.value = circulationFound(read.bundle, await verifyBundle(read.bundle, checkSignature, known))
      else trouble.value = read.sentence
    } else trouble.value = NOT_OURS
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
    found.value = year.value = progress.value = undefined
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
  return { found, year, trouble, isChecking, progress, check, stop }
}
