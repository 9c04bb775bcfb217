/** Chinese lines for a fixed measure: a line never begins with a closing sign and never ends with an opening one. */
const CLOSING = '，。、；：？！）》」』】〕”’…—％'
const OPENING = '（《「『【〔“‘'
/** What stays together: opening signs, one sign or a run of Latin letters and digits, closing signs. */
const PIECE = new RegExp(`[${OPENING}]*(?:[!-~]+|[^${OPENING}])[${CLOSING}]*`, 'gu')

/** In ems: Latin letters and digits are half as wide. */
export const emsOf = (text: string): number =>
  [...text].reduce((ems, sign) => ems + (sign <= '~' ? 0.5 : 1), 0)

/** @param indentEms of the first line. One closing sign may hang into the margin. */
export function breakLines(text: string, measureEms: number, indentEms = 0): string[] {
  const lines: string[] = []
  let line = ''
  let room = measureEms - indentEms
  for (const piece of text.match(PIECE) ?? []) {
    const hanging = CLOSING.includes(piece.at(-1) ?? '') ? 1 : 0
    if (line !== '' && emsOf(line + piece) - hanging > room) {
      lines.push(line)
      line = ''
      room = measureEms
    }
    line += piece
  }
  return line === '' ? lines : [...lines, line]
}
