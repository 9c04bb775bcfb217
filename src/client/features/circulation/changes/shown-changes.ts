/** How a comparison is shown: long stretches that stayed the same are folded, and the sum is said in words. */
import type { Change } from './text-changes.ts'

export type Shown = Change | { kind: 'folded'; paragraphs: string[] }

/** A paragraph of context on each side; folding fewer than three saves nothing. */
const FOLD_FROM = 3

export function foldSame(changes: readonly Change[]): Shown[] {
  const shown: Shown[] = []
  let same: Extract<Change, { text: string }>[] = []
  const close = (isLast: boolean): void => {
    const head = shown.length === 0 ? 0 : 1
    const tail = isLast ? 0 : 1
    const folded = same.slice(head, same.length - tail)
    if (folded.length < FOLD_FROM) shown.push(...same)
    else
      shown.push(
        ...same.slice(0, head),
        { kind: 'folded', paragraphs: folded.map(({ text }) => text) },
        ...same.slice(same.length - tail),
      )
    same = []
  }
  for (const change of changes) {
    if (change.kind === 'same') same.push(change)
    else {
      close(false)
      shown.push(change)
    }
  }
  close(true)
  return shown
}

/** 新增 1 段，删去 2 段，修改 3 段 */
export function sumInWords(changes: readonly Change[]): string {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length
  const sums: [string, number][] = [
    ['新增', count('added')],
    ['删去', count('removed')],
    ['修改', count('changed')],
  ]
  const words = sums.filter(([, number]) => number > 0).map(([word, number]) => `${word} ${number} 段`)
  return words.length === 0 ? '两版的文字相同，改动在版式、图片或附件里。' : `${words.join('，')}。`
}
