/** What of a Word file this phone shows neither in its text nor in its layout: counted from the file, without laying it out. */
import { isDecoded } from '../package/pictures.ts'
import type { CleanDocx } from './clean-docx.ts'

/** One after another: each is decoded whole. */
export async function countUnshown({ unshown, pictures }: CleanDocx): Promise<number> {
  let count = unshown
  for (const picture of pictures) if (!(await isDecoded(picture))) count += 1
  return count
}

export const unshownInWords = (count: number): string[] =>
  count === 0 ? [] : [`原件版式里 ${count} 处图形或图片`]

/** Its text is shown all the same. */
export const LAYOUT_MISSING: readonly string[] = ['原件的版式']
