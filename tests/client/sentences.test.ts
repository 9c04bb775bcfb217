/** Every sentence of the sources, against docs/words.md: one term for one thing, calm, in Chinese punctuation. */
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Not sentences of ours: what people may write in a file that is imported, tables of characters, sample content. */
const OTHER_TEXT = [
  'src/server/demo/',
  'src/server/import/',
  'src/server/commands/sample-sets/',
  'src/shared/org/order/surname-readings.ts',
  'src/shared/org/order/roster-strokes.ts',
  // Patterns of words, no sentence.
  'src/shared/circulation/intake/secrecy-marks.ts',
  'src/shared/circulation/intake/secrecy-text.ts',
  // Chinese names of fields, in the file that a person exports.
  'src/client/features/me/holds/export-holdings.ts',
]

const withoutComments = (source: string): string =>
  source
    .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, '$1')

const sources = globSync('src/**/*.{ts,vue}')
  .filter((path) => !OTHER_TEXT.some((other) => path.startsWith(other)))
  .map((path) => ({ path, lines: withoutComments(readFileSync(path, 'utf8')).split('\n') }))

/** Places where it is found, as `path:line what`. */
const placesOf = (pattern: RegExp, among = sources): string[] =>
  among.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => {
      const found = pattern.exec(line)
      return found === null ? [] : [`${path}:${at + 1} ${found[0]}`]
    }),
  )

const forbidden = readFileSync('docs/words.md', 'utf8')
  .split('\n')
  .filter((line) => /^\|(?! term|---)/.test(line))
  .flatMap((line) => line.split('|')[3]?.trim().split('、') ?? [])

it('reads the table and the sources', () => {
  expect(forbidden).toContain('公文')
  expect(forbidden.length).toBeGreaterThan(50)
  expect(placesOf(/已存本机/).length).toBeGreaterThan(5)
})
it('no exclamation mark', () => expect(placesOf(/！|\p{Script=Han}!/u)).toEqual([]))
it('no half-width punctuation after a Chinese character', () =>
  expect(placesOf(/\p{Script=Han}(?:[,;?(]|[.:](?=\s|$|\p{Script=Han}))/u)).toEqual([]))
it('a space between Chinese and figures', () =>
  expect(placesOf(/\p{Script=Han}\d|\d\p{Script=Han}/u)).toEqual([]))
it.each(forbidden)('not %s', (word) => expect(placesOf(new RegExp(word))).toEqual([]))
it('a question of a dialog ends with ？ and has no 吗', () => {
  expect(placesOf(/吗[？?]?['`]/)).toEqual([])
  const client = sources.filter(({ path }) => path.startsWith('src/client/features/'))
  const asked = client.flatMap(({ lines }) =>
    [...lines.join('\n').matchAll(/confirm\(\{\s*title: (['`])(.*?)\1,/gs)].map(([, , title]) => title),
  )
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((title) => !title?.endsWith('？'))).toEqual([])
})
it('who puts it here and what one can do meanwhile are sentences with a full stop', () =>
  expect(placesOf(/\b(?:who|meanwhile)="[^"]*\p{Script=Han}"/u)).toEqual([]))
