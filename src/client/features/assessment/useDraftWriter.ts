/** A draft writer that saves when the page is hidden or left, and holds back a reload while something is not saved. */
import { useEventListener } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { useBusyWhile } from '../../ui/page/busy.ts'
import { createDraftWriter, type DraftValues, type DraftWriter } from './draft-writer.ts'

export function useDraftWriter(reason: string, save: (changes: DraftValues) => Promise<void>): DraftWriter {
  const writer = createDraftWriter({ save })
  const flush = (): void => void writer.flush()
  useEventListener(document, 'visibilitychange', () => document.visibilityState === 'hidden' && flush())
  useEventListener(window, 'pagehide', flush)
  useBusyWhile(reason, writer.isSaving)
  onScopeDispose(flush)
  return writer
}
