/**
 * An OFD as pages (GB/T 33190), best effort: what the phone has is drawn, what signs and seals prove is not looked at.
 * Guaranteed: nothing in it runs, nothing outside it is asked for, and a file that cannot be shown says so in a sentence.
 */
import type { KeptFile } from '../../../../storage/files/kept-file.ts'
import type { PagedFile } from '../pages/paged-file.ts'
import { createOwnFonts } from './fonts/own-fonts.ts'
import { drawPage } from './draw/draw-page.ts'
import { readOfd, type OfdPage } from './inside/ofd-document.ts'
import { wordsOfPage } from './words-of-page.ts'

/** @throws UnreadableOfd */
export async function openOfd(file: Pick<KeptFile, 'whole'>): Promise<PagedFile> {
  const fonts = createOwnFonts()
  const document = readOfd(new Uint8Array(await (await file.whole()).arrayBuffer()), fonts)
  const read = new Map<number, OfdPage>()
  const pageAt = (number: number): OfdPage => {
    const page = read.get(number) ?? document.page(number)
    read.set(number, page)
    return page
  }
  return {
    pages: document.pages,
    async page(number) {
      const page = pageAt(number)
      return {
        width: page.box.width,
        height: page.box.height,
        draw(canvas, scale) {
          let isOver = false
          const promise = drawPage(
            page,
            canvas,
            scale,
            () => isOver,
            (seal) => readOfd(seal).page(1),
          )
          return { promise, cancel: () => (isOver = true) }
        },
        words: async () => wordsOfPage(page),
        free: () => void read.delete(number),
      }
    },
    async close() {
      read.clear()
      fonts.close()
    },
  }
}
