/**
 * Whoever has a PDF to sign opens it from the list. On a slow phone the page and pdf.js take most of a second to be read: that is
 * done while the list is looked at, once, and in a quiet moment. Best effort: what goes wrong is told when the file is opened.
 */
import { onScopeDispose, watch, type Ref } from 'vue'
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'
import type { CirculationLine } from '../circulation-lines.ts'
import { readingOf } from '../reader/file-kind.ts'
import { isHere } from '../useCirculations.ts'

/** The rows are drawn and the thumb has been answered by then. */
const AFTER_MS = 800

const asksForPdf = (line: CirculationLine): boolean =>
  (line.state === 'waiting' || line.state === 'outdated') &&
  filesOf(line.revision).some((file) => readingOf(file).type === 'pdf')

/** A PDF whose file and viewer lie on the phone: nothing is fetched for it. */
export function useWarmReader(
  lines: Readonly<Ref<readonly CirculationLine[] | undefined>>,
  here: Readonly<Ref<ReadonlySet<string> | undefined>>,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let idle = 0
  const warm = async (): Promise<void> => {
    await import('../reader/ReaderPage.vue')
    const { warmPdf } = await import('../reader/open-pdf.ts')
    await warmPdf()
  }
  const whenQuiet = (): void => {
    // Safari has none.
    if (typeof requestIdleCallback === 'undefined') void warm().catch(() => undefined)
    else idle = requestIdleCallback(() => void warm().catch(() => undefined))
  }
  const stop = watch(
    [lines, here],
    () => {
      if (!lines.value?.some((line) => asksForPdf(line) && isHere(line, here.value))) return
      stop()
      timer = setTimeout(whenQuiet, AFTER_MS)
    },
    { flush: 'post' },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    if (idle !== 0) cancelIdleCallback(idle)
  })
}
