/**
 * Files without pages, looked at before a signature: a picture is decoded, a text read, and of a Word file's original counted what
 * neither its text nor its layout shows here.
 *
 * Guaranteed: nobody has to open them for it; what is known stays known; one over which the app died twice in sight, or that is not
 * done after a minute on the screen, counts as not shown.
 */
import type { PhoneDb } from '../../../../storage/db.ts'
import type { KeptFile } from '../../../../storage/files/kept-file.ts'
import { isDecoded } from '../package/pictures.ts'
import { lookMarked } from './begun.ts'
import { inTime } from './go-through.ts'

export interface WholeLook {
  /** All of it, in words. */
  whole: string
  /** @returns what is missing, in words; undefined: it does not open here */
  look: (file: KeptFile) => Promise<readonly string[] | undefined>
}

/** Decoded small: how large it is says the picture. */
const SIDE_PX = 120

const WHOLE_PICTURE = '整张图片'

export const PICTURE: WholeLook = {
  whole: WHOLE_PICTURE,
  async look(file) {
    const whole = await file.whole()
    const address = URL.createObjectURL(whole)
    const picture = new Image()
    try {
      picture.src = address
      await picture.decode()
    } catch {
      return undefined
    } finally {
      picture.src = ''
      URL.revokeObjectURL(address)
    }
    // A damaged one passes there, and stands on the screen in part or blank.
    return (await isDecoded(whole, { resizeWidth: SIDE_PX })) ? [] : [WHOLE_PICTURE]
  },
}

/** Pictures of a text lie beside it, where nobody signs them; only those of the phone are shown. */
const PICTURES_ELSEWHERE = /(?:^|[^\\])!\[[^\]\n]*\]\((?!blob:)/gm

export const TEXT: WholeLook = {
  whole: '全文',
  async look(file) {
    const text = await (await file.whole()).text()
    const count = text.match(PICTURES_ELSEWHERE)?.length ?? 0
    return count === 0 ? [] : [`${count} 处图片`]
  },
}

export const WORD_ORIGINAL: WholeLook = {
  whole: '原件版式里的图形和图片',
  async look(file) {
    const [{ cleanDocx }, { countUnshown, LAYOUT_MISSING, unshownInWords }, { UnreadableDocx }] =
      await Promise.all([
        import('../docx/clean-docx.ts'),
        import('../docx/missing-in-docx.ts'),
        import('../docx/unreadable-docx.ts'),
      ])
    const bytes = new Uint8Array(await (await file.whole()).arrayBuffer())
    try {
      return unshownInWords(await countUnshown(cleanDocx(bytes)))
    } catch (error) {
      if (error instanceof UnreadableDocx) return LAYOUT_MISSING
      throw error
    }
  },
}

/** @returns whether it opens here @throws StorageTrouble */
export async function lookAtWhole(
  db: PhoneDb,
  sha256: string,
  { file, kind: { whole, look } }: { file: KeptFile; kind: WholeLook },
  signal: AbortSignal,
): Promise<boolean> {
  let opens = true
  await lookMarked(db, { sha256, page: 0, whole }, async () => {
    const seen = async () => {
      const missing = await look(file).catch(() => undefined)
      opens = missing !== undefined
      return missing
    }
    const missing = await inTime(seen, signal)
    if (signal.aborted || !opens) return 'given-up'
    return missing ?? [whole]
  })
  return opens || signal.aborted
}
