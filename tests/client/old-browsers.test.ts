/**
 * The build speaks the language of Chrome 100 and Safari 15.4, but puts in no functions that they lack, and a pattern that they can't
 * read ends the whole file: what is newer than they are stands nowhere in what a phone runs, or behind a look whether it is there.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

/** By the first version that has them; the reason that each stands here. */
const TOO_NEW: Record<string, RegExp> = {
  'look-behind (Safari 16.4)': /\(\?<[=!]/,
  'toSorted and its kin (Chrome 110, Safari 16)': /\.(?:toSorted|toReversed|toSpliced)\(/,
  'groupBy (Chrome 117, Safari 17.4)': /\b(?:Object|Map)\.groupBy\(/,
  'fromAsync (Chrome 121)': /\bArray\.fromAsync\(/,
  'withResolvers (Chrome 119)': /\bPromise\.withResolvers\(/,
  'AbortSignal.any (Chrome 116)': /\bAbortSignal\.any\(/,
  'AbortSignal.timeout (Chrome 103, Safari 16)': /\bAbortSignal\.timeout\(/,
  'operations of sets (Chrome 122)': /\.(?:isSubsetOf|isSupersetOf|isDisjointFrom|symmetricDifference)\(/,
  'isWellFormed (Chrome 111)': /\.(?:isWellFormed|toWellFormed)\(/,
}

/** Words in remarks say nothing to a browser. */
const withoutRemarks = (text: string): string =>
  text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1')

const sources = globSync('src/{client,shared}/**/*.{ts,vue}', { cwd: root })

it('finds what is too new', () => {
  const lines = [
    'const a = /(?<=x)y/',
    'list.toSorted(by)',
    'Map.groupBy(list, by)',
    'AbortSignal.timeout(10)',
  ]
  for (const line of lines) expect(Object.values(TOO_NEW).some((pattern) => pattern.test(line))).toBe(true)
})

it('a phone runs nothing that its browser cannot read', () => {
  expect(sources.length).toBeGreaterThan(500)
  const found = sources.flatMap((path) => {
    const text = withoutRemarks(readFileSync(join(root, path), 'utf8'))
    return Object.entries(TOO_NEW)
      .filter(([, pattern]) => pattern.test(text))
      .map(([what]) => `${path}: ${what}`)
  })
  expect(found).toEqual([])
})
