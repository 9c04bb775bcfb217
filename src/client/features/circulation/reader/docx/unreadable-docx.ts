import type { Refusals } from '../package/zip-package.ts'

/** A Word file whose layout can't be shown here; `message` is a Chinese sentence. Its text is shown all the same. */
export class UnreadableDocx extends Error {
  readonly type = 'unreadable-pdf'
}

export const damagedDocx = (cause?: unknown): UnreadableDocx =>
  new UnreadableDocx('这份原件的版式在手机上排不出来。请看文字；签字前需要看版式的，请看原件文件。', {
    cause,
  })
export const tooLargeDocx = (): UnreadableDocx =>
  new UnreadableDocx('这份原件内容太多，手机上排不出版式。请看文字；签字前需要看版式的，请看原件文件。')

/** An encrypted one was refused when it was published. */
export const DOCX_REFUSALS: Refusals = {
  damaged: damagedDocx,
  tooLarge: tooLargeDocx,
  encrypted: damagedDocx,
}
