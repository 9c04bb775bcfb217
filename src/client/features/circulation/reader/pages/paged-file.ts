/** A file that is read page by page, whatever its format: what the reader of pages needs to know of it. */

/** A place on a page, each number a share of the page's width or height. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface Words {
  text: string
  endsLine: boolean
  box: Box
}

export interface Drawing {
  /** What of the page is not shown, in Chinese words; empty: all of it is there. */
  promise: Promise<readonly string[]>
  /** The promise then rejects with an error whose name is RenderingCancelledException, or resolves: nobody looks at it. */
  cancel(): void
}

export interface FilePage {
  /** In units of the format; only their ratio and the scale count. */
  width: number
  height: number
  /** Fills the canvas, whose size is the page's by `scale`. */
  draw(canvas: HTMLCanvasElement, scale: number): Drawing
  /** In reading order as the file has it; empty for a picture. */
  words(): Promise<Words[]>
  /** Lets go of what drawing needed. */
  free(): void
}

export interface PagedFile {
  pages: number
  /** @param number from 1 */
  page(number: number): Promise<FilePage>
  close(): Promise<void>
}

/** For whoever reads with the ears. */
export const textOf = (words: readonly Words[]): string =>
  words.map(({ text, endsLine }) => (endsLine ? `${text}\n` : text)).join('')
