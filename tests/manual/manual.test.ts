/** The manual keeps to the app: its pictures and links exist, and the words that it sets in bold stand on a screen. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const MANUAL = 'docs/manual'
const pages = [...globSync(`${MANUAL}/*.md`), 'README.md'].map((path) => ({
  path,
  text: readFileSync(path, 'utf8'),
}))
const manual = pages.filter(({ path }) => path !== 'README.md')
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!)

const picturesIn = (text: string) => [
  ...found(text, /<img src="([^"]+)"/g),
  ...found(text, /!\[[^\]]*\]\(([^)]+)\)/g),
]
const linksIn = (text: string) =>
  found(text, /(?<!!)\[[^\]]*\]\(([^)]+)\)/g).filter((link) => !link.startsWith('http'))

/** As GitHub makes them. */
const anchorsOf = (path: string) =>
  found(readFileSync(path, 'utf8'), /^#+ (.+)$/gm).map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )

function isBroken(from: string, link: string): boolean {
  const [file, anchor] = link.split('#') as [string, string | undefined]
  const path = file === '' ? from : join(dirname(from), file)
  return !existsSync(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor))
}

const sources = globSync('src/{client,shared}/**/*.{ts,vue}')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')

it('has a page for each job, all of them in its contents', () => {
  const contents = linksIn(readFileSync(`${MANUAL}/README.md`, 'utf8'))
  const own = readdirSync(MANUAL).filter((name) => name.endsWith('.md') && name !== 'README.md')
  expect(own.length).toBeGreaterThan(9)
  expect(own.filter((name) => !contents.includes(name))).toEqual([])
})

it.each(pages)('$path: its pictures and what it links to exist', ({ path, text }) => {
  const broken = [...picturesIn(text), ...linksIn(text)].filter((link) => isBroken(path, link))
  expect(broken).toEqual([])
})

it('every picture has words for who does not see it, and is shown somewhere', () => {
  const tags = manual.flatMap(({ text }) => text.match(/<img[^>]*>/g) ?? [])
  expect(tags.filter((tag) => !/ alt="[^"]{6,}"/.test(tag))).toEqual([])
  const shown = manual.flatMap(({ text }) => picturesIn(text))
  const kept = ['pictures', '../pictures/exports'].flatMap((folder) =>
    readdirSync(join(MANUAL, folder)).map((name) => `${folder}/${name}`),
  )
  expect(kept.filter((name) => !shown.includes(name))).toEqual([])
})

it.each(manual)('$path: words in bold stand on a screen', ({ path, text }) => {
  // Questions are in bold too, in the reader's own words.
  const bold = found(text, /\*\*([^*\n]+)\*\*/g).filter(
    (word) => !(path.endsWith('questions.md') && text.includes(`\n**${word}**\n`)),
  )
  const own = ['加粗']
  expect(bold.filter((word) => !own.includes(word) && !sources.includes(word))).toEqual([])
})

it('uses the terms of docs/words.md', () => {
  const rows = readFileSync('docs/words.md', 'utf8').split('\n')
  const forbidden = rows
    .filter((row) => /^\|(?! term|---)/.test(row))
    .flatMap((row) => row.split('|')[3]!.trim().split('、'))
  const all = manual.map(({ text }) => text).join('\n')
  expect(forbidden.filter((word) => word !== '' && all.includes(word))).toEqual([])
  expect(all).not.toMatch(/[！!](?!\[|--)/)
})
