/**
 * What has changed among the attachments of two revisions, by their hashes and names.
 *
 * Guarantee: every attachment of both is in exactly one line. The same bytes are the same file whatever it is called; another file
 * under the same name replaces it; of those that stayed, the fewest are said to have been moved. Nothing is guessed beyond that.
 */
import type { RevisionFile } from '../../../../shared/circulation/document/document.ts'

/** With its place among the attachments, from 1. */
export interface Placed {
  file: RevisionFile
  place: number
}
export type FileChange =
  | { kind: 'added'; after: Placed }
  | { kind: 'removed'; before: Placed }
  | { kind: 'same' | 'renamed' | 'replaced'; before: Placed; after: Placed; isMoved: boolean }

const placed = (files: readonly RevisionFile[]): Placed[] =>
  files.map((file, at) => ({ file, place: at + 1 }))

export function compareFiles(before: readonly RevisionFile[], after: readonly RevisionFile[]): FileChange[] {
  const old = placed(before)
  const pairs = new Map<Placed, Placed>()
  const fresh = placed(after)
  const pairBy = (isSame: (a: Placed, b: Placed) => boolean): void => {
    for (const b of fresh) {
      if (pairs.has(b)) continue
      const a = old.find((one) => ![...pairs.values()].includes(one) && isSame(one, b))
      if (a !== undefined) pairs.set(b, a)
    }
  }
  const isSameFile = (a: Placed, b: Placed): boolean => a.file.file.sha256 === b.file.file.sha256
  const hasSameName = (a: Placed, b: Placed): boolean => a.file.file.name === b.file.file.name
  // Twice the same bytes under two names: each goes with its own.
  pairBy((a, b) => isSameFile(a, b) && hasSameName(a, b))
  pairBy(isSameFile)
  pairBy(hasSameName)
  const stayed = longestRising(fresh.flatMap((b) => pairs.get(b)?.place ?? []))
  const kept = new Set(pairs.values())
  return [
    ...fresh.map((b): FileChange => {
      const a = pairs.get(b)
      if (a === undefined) return { kind: 'added', after: b }
      const kind = !isSameFile(a, b) ? 'replaced' : hasSameName(a, b) ? 'same' : 'renamed'
      return { kind, before: a, after: b, isMoved: !stayed.has(a.place) }
    }),
    ...old.filter((a) => !kept.has(a)).map((a): FileChange => ({ kind: 'removed', before: a })),
  ]
}

/** The longest part of a row that rises: what is left out of it was moved. */
function longestRising(row: readonly number[]): Set<number> {
  const best: number[][] = []
  for (const value of row) {
    const longest = best
      .filter((one) => one.at(-1)! < value)
      .reduce<number[]>((most, one) => (one.length > most.length ? one : most), [])
    best.push([...longest, value])
  }
  return new Set(best.reduce((most, one) => (one.length > most.length ? one : most), []))
}

export const isChanged = (change: FileChange): boolean => change.kind !== 'same' || change.isMoved

/** 新增 1 个，删去 1 个，更换 1 个，改名 1 个，次序改动 2 个 */
export function filesInWords(changes: readonly FileChange[]): string {
  const count = (is: (change: FileChange) => boolean): number => changes.filter(is).length
  const sums: [string, number][] = [
    ['新增', count(({ kind }) => kind === 'added')],
    ['删去', count(({ kind }) => kind === 'removed')],
    ['更换', count(({ kind }) => kind === 'replaced')],
    ['改名', count(({ kind }) => kind === 'renamed')],
    ['次序改动', count((change) => 'isMoved' in change && change.isMoved)],
  ]
  const words = sums.filter(([, number]) => number > 0).map(([word, number]) => `${word} ${number} 个`)
  return words.length === 0 ? '附件没有改动。' : `附件：${words.join('，')}。`
}
