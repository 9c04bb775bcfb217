/** Chinese lines for a fixed measure: a line never begins with a closing sign and never ends with an opening one. */
const NEVER_FIRST = '，。、；：？！）》」』】〕”’…—％'
const NEVER_LAST = '（《「『【〔“‘'

/** In ems: Latin letters and digits are half as wide. */
export const emsOf = (text: string): number =>
  [...text].reduce((ems, sign) => ems + (sign <= '~' ? 0.5 : 1), 0)

/** Signs that stay together: a run of Latin letters and digits is one piece. */
const piecesOf = (text: string): string[] => text.match(/[!-~]+|[^!-~]/gu) ?? []

/** @param indentEms of the first line. A closing sign may hang by one em into the margin. */
export function breakLines(text: string, measureEms: number, indentEms = 0): string[] {
  const lines: string[] = []
  let line = ''
  let room = measureEms - indentEms
  for (const piece of piecesOf(text)) {
    const hangs = NEVER_FIRST.includes(piece) && emsOf(line) <= room
    if (line === '' || emsOf(line) + emsOf(piece) <= room || hangs) {
      line += piece
      continue
    }
    const carried = NEVER_LAST.includes(line.at(-1) ?? ' ') ? line.slice(-1) : ''
    lines.push(carried === '' ? line : line.slice(0, -1))
    line = carried + piece
    room = measureEms
  }
  return line === '' ? lines : [...lines, line]
}
