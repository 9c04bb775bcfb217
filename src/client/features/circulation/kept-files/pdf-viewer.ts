/** What shows a PDF: without it a file that is here opens with a network only. */
import { createLaterParts } from '../../../ui/device/later-parts.ts'

export const pdfViewer = createLaterParts(
  async () => (await import('../reader/assets-of-pdf.ts')).neededOffline,
)
