/**
 * The text of a chapter, from the phone's copy; one that is not here is fetched and kept when there is a network, also when
 * the network comes back while one waits.
 */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose, shallowRef, watch } from 'vue'
import { RemoteProblem } from '../../../remote/call.ts'
import { usePhone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

export type ChapterText =
  | { type: 'loading' }
  | { type: 'text'; text: string }
  | { type: 'not-here-offline' }
  | { type: 'failed'; sentence: string }

const failureOf = (error: unknown): ChapterText => {
  if (error instanceof RemoteProblem && error.code === 'offline') return { type: 'not-here-offline' }
  return { type: 'failed', sentence: sentenceOf(error, '没有下载下来，请再试一次。') }
}

export function useChapterText(sha256: () => string | undefined) {
  const { blobs } = usePhone()
  const chapter = shallowRef<ChapterText>({ type: 'loading' })
  let running: AbortController | undefined

  const readText = async (hash: string, signal: AbortSignal): Promise<string> => {
    const here = await blobs.get(hash)
    if (here !== undefined) return here.text()
    await blobs.keep(hash, { signal })
    return (await blobs.get(hash))?.text() ?? ''
  }
  const load = async (): Promise<void> => {
    running?.abort()
    const hash = sha256()
    if (hash === undefined) return
    const { signal } = (running = new AbortController())
    chapter.value = { type: 'loading' }
    try {
      const text = await readText(hash, signal)
      if (!signal.aborted) chapter.value = { type: 'text', text }
    } catch (error) {
      if (!signal.aborted) chapter.value = failureOf(error)
    }
  }
  watch(sha256, load, { immediate: true })
  useEventListener(window, 'online', () => chapter.value.type === 'not-here-offline' && void load())
  onScopeDispose(() => running?.abort())
  return { chapter, load }
}
