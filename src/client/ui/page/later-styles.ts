/** For the build: the rules that no first screen needs are marked where they are written, and taken out of the one sheet at its end. */
const LATER = '@media later'

export const markLater = (css: string): string => `${LATER}{${css}}`

/** Where the block ends that begins before `from`: after its closing brace. */
function endOfBlock(css: string, from: number): number {
  const signs = /(["'])(?:\\.|(?!\1).)*\1|[{}]/g
  signs.lastIndex = from
  for (let depth = 1; depth > 0;) {
    const sign = signs.exec(css)?.[0]
    if (sign === undefined) throw new Error('a style sheet ends inside a block')
    if (sign === '{') depth += 1
    if (sign === '}') depth -= 1
  }
  return signs.lastIndex
}

/** The rules that were not marked, and those that were; in each the order stays as it was. */
export function apart(css: string): { first: string; later: string } {
  const at = css.indexOf(LATER)
  if (at < 0) return { first: css, later: '' }
  const from = css.indexOf('{', at) + 1
  const end = endOfBlock(css, from)
  const rest = apart(css.slice(end))
  return { first: css.slice(0, at) + rest.first, later: css.slice(from, end - 1) + rest.later }
}
