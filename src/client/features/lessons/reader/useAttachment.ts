/**
 * A file of a lesson on this phone. Only files that a browser shows without running anything are opened in a page; every
 * other is handed to the phone as a download under its own name.
 */
import { onScopeDispose, shallowRef } from 'vue'
import type { FileRef } from '../../../../shared/fields.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone } from '../../../storage/phone.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

const shownInPage = new Set(['application/pdf', 'image/png', 'image/jpeg'])
/** A page that was just opened still reads the address. */
const keepAddressMs = 60_000

const notDownloaded = '没有下载下来，请再试一次。'

export function openFile(file: FileRef, content: Blob): void {
  const address = URL.createObjectURL(new Blob([content], { type: file.mime }))
  const link = document.createElement('a')
  link.href = address
  if (shownInPage.has(file.mime)) link.target = '_blank'
  else link.download = file.name
  link.rel = 'noopener'
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), keepAddressMs)
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
