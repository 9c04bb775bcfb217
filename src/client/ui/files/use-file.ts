/**
 * A file that a record names, on this phone. Only files that a browser shows without running anything are opened in a page; every
 * other is handed to the phone as a download under its own name.
 */
import { onScopeDispose, shallowRef } from 'vue'
import type { FileRef } from '../../../shared/fields.ts'
import { openInPage, saveFile } from '../device/save-file.ts'
import { sentenceOf } from '../sentence-of.ts'

/** Where files are kept, by their SHA-256. */
export interface FileKeep {
  /** Downloads it, checked. Rejects with what hinders it. */
  keep(
    sha256: string,
    options: { onProgress: (loadedBytes: number) => void; signal: AbortSignal },
  ): Promise<void>
  /** undefined where it is not here, or lies here damaged. */
  get(sha256: string): Promise<Blob | undefined>
}

const shownInPage = new Set(['application/pdf', 'image/png', 'image/jpeg'])
const notDownloaded = '没有下载下来，请再试一次。'

function openFile(file: FileRef, content: Blob): void {
  const typed = new Blob([content], { type: file.mime })
  if (shownInPage.has(file.mime)) openInPage(typed)
  else saveFile(file.name, typed)
}

export function useFile(file: () => FileRef, files: () => FileKeep) {
  const progress = shallowRef<{ loaded: number }>()
  const problem = shallowRef<string>()
  let running: AbortController | undefined

  const open = async (): Promise<void> => {
    const content = await files().get(file().sha256)
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
      await files().keep(file().sha256, { onProgress, signal: controller.signal })
    } catch (error) {
      if (!controller.signal.aborted) problem.value = sentenceOf(error, notDownloaded)
    } finally {
      progress.value = undefined
      running = undefined
    }
  }
  const stop = (): void => running?.abort()
  onScopeDispose(stop)
  return { progress, problem, open, download, stop }
}
