import { findSecrecyMarks } from '../../../shared/circulation/intake/secrecy-text.ts'

/** The first classification mark (绝密, 机密, 秘密) in some texts; undefined when there is none. */
export function findRefusedMark(texts: readonly string[]): string | undefined {
  for (const text of texts) {
    const mark = findSecrecyMarks(text).find((m) => m.level === 'refuse')
    if (mark !== undefined) return mark.mark
  }
  return undefined
}
