/**
 * What has changed between two texts, paragraph by paragraph, and inside a paragraph word by word.
 *
 * Guarantee: nothing is left out and nothing made up. The paragraphs of both texts can be put together again from the answer
 * (`textsOf`). Only wording is compared: what Markdown says about form (heading signs, bold) is not.
 */
import { shortestEdit, type Budget, type Run } from './shortest-edit.ts'

export type Part = { kind: 'same' | 'removed' | 'added'; text: string }
export type Change =
  | { kind: 'same' | 'removed' | 'added'; text: string }
  /** One paragraph that is still the same one, with the words that went and came. */
  | { kind: 'changed'; parts: Part[] }

export type Comparison =
  | { type: 'compared'; changes: Change[] }
  /** The texts are too long, or have too little in common: side by side they would say nothing. */
  | { type: 'too-much' }

const MOST_LETTERS = 600_000
const STEPS = 2_000_000
/** Below it two paragraphs are two, not one that was changed. */
const LIKENESS = 0.4
/** Pairs that are looked at in one stretch of changed paragraphs. */
const MOST_PAIRS = 2500

/** Paragraphs in their order, blank ones left out. */
export function paragraphsOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map(plain)
    .filter((line) => line !== '')
}

/** A picture is known by its file: another one under the same words is a change. */
const plain = (line: string): string =>
  line
    .replace(
      /!\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g,
      (_, words: string, file: string) => `〔图 ${words} ${file.slice(-8)}〕`,
    )
    .replace(/^\s*(?:#{1,6}\s+|>\s?)/, '')
    .replace(/\*\*|__/g, '')
    .trim()

/** A figure or a Latin word is one; every other sign stands alone, as Chinese has no spaces. */
const wordsOf = (text: string): string[] => text.match(/[0-9A-Za-z.,%]+|[\s\S]/gu) ?? []

export function compareTexts(before: string, after: string): Comparison {
  if (before.length + after.length > MOST_LETTERS) return { type: 'too-much' }
  const budget: Budget = { steps: STEPS }
  const runs = shortestEdit(paragraphsOf(before), paragraphsOf(after), budget)
  if (runs === undefined) return { type: 'too-much' }
  const changes: Change[] = []
  for (let at = 0; at < runs.length; at++) {
    const run = runs[at]!
    const next = runs[at + 1]
    if (run.kind === 'removed' && next?.kind === 'added') {
      changes.push(...paired(run.items, next.items, budget))
      at++
    } else changes.push(...run.items.map((text): Change => ({ kind: run.kind, text })))
  }
  return { type: 'compared', changes }
}

/** Twice what two paragraphs have in common, by what they have: 1 the same, 0 nothing. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of a) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of b) {
    const left = counts.get(word) ?? 0
    if (left === 0) continue
    common++
    counts.set(word, left - 1)
  }
  return (2 * common) / (a.length + b.length)
}

const lengthOf = (rows: readonly (readonly string[])[]): number =>
  rows.reduce((sum, row) => sum + row.length, 0)

const wholes = (removed: readonly string[], added: readonly string[]): Change[] => [
  ...removed.map((text): Change => ({ kind: 'removed', text })),
  ...added.map((text): Change => ({ kind: 'added', text })),
]

/** Removed paragraphs with the added ones that they became, in order, as like as they can be. */
function paired(removed: readonly string[], added: readonly string[], budget: Budget): Change[] {
  const old = removed.map(wordsOf)
  const fresh = added.map(wordsOf)
  const work = lengthOf(fresh) * removed.length + lengthOf(old) * added.length
  if (removed.length * added.length > MOST_PAIRS || work > budget.steps) return wholes(removed, added)
  budget.steps -= work
  const likes = old.map((a) => fresh.map((b) => likeness(a, b)))
  const like = (i: number, j: number): number => (likes[i]![j]! < LIKENESS ? 0 : likes[i]![j]!)
  /** best[i][j]: the most likeness that the paragraphs from i and j on can have. */
  const best = bestPairs(removed.length, added.length, like)
  const changes: Change[] = []
  let i = 0
  let j = 0
  while (i < removed.length && j < added.length) {
    const here = best[i]![j]!
    if (like(i, j) > 0 && here === like(i, j) + best[i + 1]![j + 1]!) {
      changes.push(...inside(removed[i]!, added[j]!, old[i]!, fresh[j]!, budget))
      i++
      j++
    } else if (here === best[i + 1]![j]!) changes.push({ kind: 'removed', text: removed[i++]! })
    else changes.push({ kind: 'added', text: added[j++]! })
  }
  return [...changes, ...wholes(removed.slice(i), added.slice(j))]
}

function bestPairs(rows: number, columns: number, like: (i: number, j: number) => number): number[][] {
  const best = Array.from({ length: rows + 1 }, () => Array.from({ length: columns + 1 }, () => 0))
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--) {
      const pair = like(i, j)
      const both = pair > 0 ? pair + best[i + 1]![j + 1]! : 0
      best[i]![j] = Math.max(both, best[i + 1]![j]!, best[i]![j + 1]!)
    }
  return best
}

function inside(
  before: string,
  after: string,
  old: readonly string[],
  fresh: readonly string[],
  budget: Budget,
): Change[] {
  const runs = shortestEdit(old, fresh, budget)
  if (runs === undefined) return wholes([before], [after])
  return [{ kind: 'changed', parts: readable(runs) }]
}

/** A single sign that two changes have in common by chance is read as part of them: fewer and longer pieces. */
function readable(runs: readonly Run<string>[]): Part[] {
  const parts: Part[] = []
  let removed = ''
  let added = ''
  const close = (): void => {
    if (removed !== '') parts.push({ kind: 'removed', text: removed })
    if (added !== '') parts.push({ kind: 'added', text: added })
    removed = added = ''
  }
  runs.forEach(({ kind, items }, at) => {
    const text = items.join('')
    if (kind === 'removed') removed += text
    else if (kind === 'added') added += text
    else if (items.length === 1 && at > 0 && at < runs.length - 1) {
      removed += text
      added += text
    } else {
      close()
      parts.push({ kind, text })
    }
  })
  close()
  return parts
}

/** Both texts, paragraph by paragraph, as the comparison holds them. */
export function textsOf(changes: readonly Change[]): { before: string[]; after: string[] } {
  const side = (left: 'removed' | 'added') =>
    changes.flatMap((change) => {
      if (change.kind !== 'changed') return change.kind === left ? [] : [change.text]
      return [
        change.parts
          .filter((part) => part.kind !== left)
          .map((part) => part.text)
          .join(''),
      ]
    })
  return { before: side('added'), after: side('removed') }
}
