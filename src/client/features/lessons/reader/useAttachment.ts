/**
 * A file of a lesson on this phone. Only files that a browser shows without running anything are opened in a page; every
 * other is handed to the phone as a download under its own name.
 */
import { onScopeDispose, shallowRef } from 'vue'
import type { FileRef } from '../../../../shared/fields.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { openInPage, saveFile } from '../../../ui/device/save-file.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const shownInPage = new Set(['application/pdf', 'image/png', 'image/jpeg'])
const notDownloaded = '没有下载下来，请再试一次。'

export function openFile(file: FileRef, content: Blob): void {
  const typed = new Blob([content], { type: file.mime })
  if (shownInPage.has(file.mime)) openInPage(typed)
  else saveFile(file.name, typed)
}

export function useAttachment(file: () => FileRef) {
  const { blobs, db } = usePhone()
  const isKept = useLiveOrLoading(
    async () => (await db.blobs.where('sha256').equals(file().sha256).count()) > 0,
    [() => file().sha256],
  )
  const progress = shallowRef<{ loaded: number }>()
  const problem = shallowRef<string>()
  let running: AbortController | undefined

  const open = async (): Promise<void> => {
    const content = await blobs.get(file().sha256)
    if (content === undefined) problem.value = '本机的这一份已被清理，请再下载一次。'
    else openFile(file(), content)
  }
  const download = async (): Promise<void> => {
    if (running !== undefined) return
    const controller = new AbortController()
    running = controller
    problem.value = undefined
    progress.value = { loaded: 0 }
    try {
      const onProgress = (loaded: number) => (progress.value = { loaded })
      await blobs.keep(file().sha256, { onProgress, signal: controller.signal })
    } catch (error) {
      if (!controller.signal.aborted) problem.value = sentenceOf(error, notDownloaded)
    } finally {
      progress.value = undefined
      running = undefined
    }
  }
  const stop = (): void => running?.abort()
  onScopeDispose(stop)
  return { isKept, progress, problem, open, download, stop }
}
