/**
 * The shortest way from one row of items to another, by Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986): near
 * to linear where little has changed, which is what a new revision is.
 *
 * Guarantee: `same` and `removed` in their order are `before`, `same` and `added` in theirs are `after`. The work has a bound;
 * beyond it the answer is undefined, never a wrong one.
 */
export interface Run<Item> {
  kind: 'same' | 'removed' | 'added'
  items: Item[]
}

/** Steps that may still be taken, shared by all comparisons of one text. A slow phone takes a million in about 50 ms. */
export interface Budget {
  steps: number
}

/** What is kept to walk back grows with the square of the edits: 1,000 of them are 4 MB. */
const MOST_EDITS = 1000

export function shortestEdit<Item>(
  before: readonly Item[],
  after: readonly Item[],
  budget: Budget,
): Run<Item>[] | undefined {
  let start = 0
  const shorter = Math.min(before.length, after.length)
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const middle = edit(
    before.slice(start, before.length - end),
    after.slice(start, after.length - end),
    budget,
  )
  if (middle === undefined) return undefined
  return joined([
    { kind: 'same', items: before.slice(0, start) },
    ...middle,
    { kind: 'same', items: before.slice(before.length - end) },
  ])
}

/** Neighbours of one kind are one run; in a change what is gone stands before what came. */
function joined<Item>(runs: readonly Run<Item>[]): Run<Item>[] {
  const result: Run<Item>[] = []
  for (const { kind, items } of runs) {
    if (items.length === 0) continue
    const last = result.at(-1)
    const beforeLast = result.at(-2)
    if (last?.kind === kind) last.items.push(...items)
    else if (kind === 'removed' && last?.kind === 'added') {
      if (beforeLast?.kind === 'removed') beforeLast.items.push(...items)
      else result.splice(-1, 0, { kind, items: [...items] })
    } else result.push({ kind, items: [...items] })
  }
  return result
}

function edit<Item>(
  before: readonly Item[],
  after: readonly Item[],
  budget: Budget,
): Run<Item>[] | undefined {
  if (before.length === 0 || after.length === 0)
    return [
      { kind: 'removed', items: [...before] },
      { kind: 'added', items: [...after] },
    ]
  const most = Math.min(before.length + after.length, MOST_EDITS)
  /** The furthest reach on each diagonal x − y, by diagonal + most. */
  const reach = new Int32Array(2 * most + 2)
  /** What stood in `reach` before each round, diagonals −round to round. */
  const trail: Int32Array[] = []
  for (let round = 0; round <= most; round++) {
    trail.push(reach.slice(most - round, most + round + 1))
    for (let diagonal = -round; diagonal <= round; diagonal += 2) {
      const comesDown = isDown(diagonal, round, (d) => reach[most + d]!)
      let x = comesDown ? reach[most + diagonal + 1]! : reach[most + diagonal - 1]! + 1
      let y = x - diagonal
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++
        y++
        budget.steps--
      }
      reach[most + diagonal] = x
      if (x >= before.length && y >= after.length) return walkBack(before, after, trail)
      if (--budget.steps < 0) return undefined
    }
  }
  return undefined
}

/** Whether the way to a diagonal comes from the one above it (an addition) or from the left (a removal). */
const isDown = (diagonal: number, round: number, reachOf: (diagonal: number) => number): boolean =>
  diagonal === -round || (diagonal !== round && reachOf(diagonal - 1) < reachOf(diagonal + 1))

function walkBack<Item>(
  before: readonly Item[],
  after: readonly Item[],
  trail: readonly Int32Array[],
): Run<Item>[] {
  const runs: Run<Item>[] = []
  let x = before.length
  let y = after.length
  for (let round = trail.length - 1; round > 0; round--) {
    const reachOf = (d: number): number => trail[round]![d + round]!
    const diagonal = x - y
    const comesDown = isDown(diagonal, round, reachOf)
    const fromX = reachOf(comesDown ? diagonal + 1 : diagonal - 1)
    const fromY = fromX - (comesDown ? diagonal + 1 : diagonal - 1)
    const afterStep = comesDown ? fromX : fromX + 1
    runs.push({ kind: 'same', items: before.slice(afterStep, x) })
    runs.push(
      comesDown ? { kind: 'added', items: [after[fromY]!] } : { kind: 'removed', items: [before[fromX]!] },
    )
    x = fromX
    y = fromY
  }
  runs.push({ kind: 'same', items: before.slice(0, x) })
  return runs.reverse()
}
