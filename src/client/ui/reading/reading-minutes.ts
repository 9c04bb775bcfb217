/** How long a text takes, estimated from its length alone: nobody's reading is ever measured. */

const charactersPerMinute = 350
const wordsPerMinute = 200

const chineseCharacters = /\p{Script=Han}/gu
const latinWords = /[A-Za-z0-9]+/g

/** Whole minutes, at least 1. */
export const readingMinutes = (text: string): number => {
  const characters = text.match(chineseCharacters)?.length ?? 0
  const words = text.match(latinWords)?.length ?? 0
  return Math.max(1, Math.round(characters / charactersPerMinute + words / wordsPerMinute))
}

/** For a Chinese text that is known by its size only: a character is three bytes. Whole minutes, at least 1. */
export const minutesOfBytes = (sizeBytes: number): number =>
  Math.max(1, Math.round(sizeBytes / 3 / charactersPerMinute))

/** What is left from a paragraph on, at least 1. @param paragraph from 0 */
export const minutesLeft = (minutes: number, paragraph: number, paragraphs: number): number =>
  paragraphs <= 0 ? minutes : Math.max(1, Math.round(minutes * (1 - paragraph / paragraphs)))
