/** A PDF as pages. Only what the screen needs is read from the phone's copy: a scan of 20 MB is never in memory whole. */
import type { KeptFile } from '../../../../storage/files/kept-file.ts'
import type { FilePage, PagedFile, Words } from '../pages/paged-file.ts'
import { openPdf, type PDFPageProxy } from '../open-pdf.ts'

type TextItem = Extract<Awaited<ReturnType<PDFPageProxy['getTextContent']>>['items'][number], { str: string }>
type Viewport = ReturnType<PDFPageProxy['getViewport']>

const lengthOf = (x: number, y: number): number => Math.hypot(x, y) || 1

function wordsOf(item: TextItem, viewport: Viewport): Words {
  const [a, b, c, d, x, y] = item.transform as number[] as [number, number, number, number, number, number]
  const [along, up] = [item.width / lengthOf(a, b), item.height / lengthOf(c, d)]
  const corners = [
    [x, y],
    [x + a * along, y + b * along],
    [x + c * up, y + d * up],
    [x + a * along + c * up, y + b * along + d * up],
  ].map(([px, py]) => viewport.convertToViewportPoint(px!, py!) as [number, number])
  const xs = corners.map(([px]) => px)
  const ys = corners.map(([, py]) => py)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    text: item.str,
    endsLine: item.hasEOL,
    box: {
      left: left / viewport.width,
      top: top / viewport.height,
      width: (Math.max(...xs) - left) / viewport.width,
      height: (Math.max(...ys) - top) / viewport.height,
    },
  }
}

/** Asked a second time: a page that has text was seen to answer with none while its neighbours were still being read. */
async function itemsOf(page: PDFPageProxy): Promise<TextItem[]> {
  for (let last = false; ; last = true) {
    const { items } = await page.getTextContent()
    const words = items.filter((item): item is TextItem => 'str' in item && item.str !== '')
    if (words.length > 0 || last) return words
  }
}

/** pdf.js leaves out what it cannot decode, without a word; what is too large for the phone is left out by bounded-pictures.ts. */
function unshownOf(page: PDFPageProxy): string[] {
  const pictures = [...page.objs] as [string, { notShown?: true } | null][]
  const count = pictures.filter(([, picture]) => picture === null || picture.notShown === true).length
  return count === 0 ? [] : [`${count} 处太大或已损坏的图片`]
}

/** @param lost rejects when pdf.js does not answer any more */
function asFilePage(page: PDFPageProxy, lost: Promise<never>): FilePage {
  const viewport = page.getViewport({ scale: 1 })
  return {
    width: viewport.width,
    height: viewport.height,
    draw(canvas, scale) {
      const task = page.render({ canvas, viewport: page.getViewport({ scale }) })
      const drawn = task.promise.then(() => unshownOf(page))
      // A scanned page's picture is ten times its canvas, and drawing it anew takes no longer than somebody takes to zoom.
      const letGo = (): void => void page.cleanup()
      void drawn.then(letGo, letGo)
      return { promise: Promise.race([drawn, lost]), cancel: () => task.cancel() }
    },
    words: async () => (await Promise.race([itemsOf(page), lost])).map((item) => wordsOf(item, viewport)),
    free: () => void page.cleanup(),
  }
}

/** @throws UnreadablePdf */
export async function openPages(file: KeptFile): Promise<PagedFile> {
  const { document, lost, close } = await openPdf(file)
  return {
    pages: document.numPages,
    page: async (number) => asFilePage(await Promise.race([document.getPage(number), lost]), lost),
    close,
  }
}
