/** AbbreviatedData of a path (GB/T 33190 9.1) as an SVG path: other letters for the same strokes. Anything else ends it. */
const STEPS: Readonly<Record<string, { letter: string; count: number }>> = {
  S: { letter: 'M', count: 2 },
  M: { letter: 'M', count: 2 },
  L: { letter: 'L', count: 2 },
  Q: { letter: 'Q', count: 4 },
  B: { letter: 'C', count: 6 },
  A: { letter: 'A', count: 7 },
  C: { letter: 'Z', count: 0 },
}
const PARTS = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z]/g

export function svgPathOf(data: string): string {
  const parts: string[] = data.match(PARTS) ?? []
  const path: string[] = []
  for (let at = 0; at < parts.length;) {
    const step = STEPS[parts[at]!]
    if (step === undefined) break
    const numbers = parts.slice(at + 1, at + 1 + step.count).map(Number)
    if (numbers.length < step.count || !numbers.every(Number.isFinite)) break
    // Flags of an arc are 0 or 1 in SVG.
    if (step.letter === 'A') [numbers[3], numbers[4]] = [numbers[3] ? 1 : 0, numbers[4] ? 1 : 0]
    path.push(`${step.letter}${numbers.join(' ')}`)
    at += 1 + step.count
  }
  return path.join('')
}
