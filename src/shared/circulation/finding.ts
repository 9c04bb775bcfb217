/**
 * Finding a document by what somebody remembers of it, the same on the phone and at the office: words of the title, the number,
 * the issuer, in any order. Full width or half width, 〔2026〕, [2026] or (2026), capitals or not: it is all one.
 */

/** As it is compared: without spaces, brackets and title marks. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s〔〕[\](){}【】《》“”"'·、,，。:：;；-]/gu, '')

/** What is looked for, once for each word that was typed. Empty: everything is found. */
export function wordsToFind(typed: string): string[] {
  return typed
    .split(/[\s,，、;；]+/u)
    .map(plain)
    .filter((word) => word !== '')
}

/** What is looked through, made once for many searches. @param parts title, number, issuer…: a word stands within one of them */
export const textsOf = (parts: readonly string[]): string[] => parts.map(plain)

export const isFound = (words: readonly string[], texts: readonly string[]): boolean =>
  words.every((word) => texts.some((text) => text.includes(word)))
