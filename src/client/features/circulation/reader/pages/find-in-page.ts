/**
 * Words found on a page. Guaranteed: case, width of letters and spaces do not matter, because a file breaks its lines and
 * spreads its titles as it likes; a hit that goes over a line's end is one hit with several boxes.
 */
import type { Box, Words } from './paged-file.ts'

/** One letter of the folded text: which words it is of, and which part of their width it takes. */
interface Letter {
  words: number
  from: number
  to: number
}

export interface FoldedPage {
  text: string
  letters: Letter[]
  boxes: Box[]
}

/** A Latin letter or a figure is about half as wide as a Chinese one. */
const widthOf = (character: string): number => (/[\u0020-\u024f]/.test(character) ? 0.5 : 1)

export const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '')

export function foldPage(words: readonly Words[]): FoldedPage {
  const letters: Letter[] = []
  let text = ''
  for (const [index, { text: original }] of words.entries()) {
    const characters = [...original]
    const whole = characters.reduce((sum, character) => sum + widthOf(character), 0) || 1
    let at = 0
    for (const character of characters) {
      const from = at / whole
      at += widthOf(character)
      for (const letter of folded(character)) {
        text += letter
        // One place for each unit of a string, as indexOf counts them.
        for (let unit = 0; unit < letter.length; unit++) letters.push({ words: index, from, to: at / whole })
      }
    }
  }
  return { text, letters, boxes: words.map(({ box }) => box) }
}

function boxesOf({ letters, boxes }: FoldedPage, from: number, to: number): Box[] {
  const hit: Box[] = []
  for (let at = from; at < to;) {
    const first = letters[at]!
    let last = first
    while (at < to && letters[at]!.words === first.words) last = letters[at++]!
    const box = boxes[first.words]!
    hit.push({ ...box, left: box.left + box.width * first.from, width: box.width * (last.to - first.from) })
  }
  return hit
}

/** Each hit as the boxes that it covers. */
export function findIn(page: FoldedPage, words: string): Box[][] {
  const sought = folded(words)
  const hits: Box[][] = []
  if (sought === '') return hits
  for (let at = page.text.indexOf(sought); at >= 0; at = page.text.indexOf(sought, at + sought.length))
    hits.push(boxesOf(page, at, at + sought.length))
  return hits
}
