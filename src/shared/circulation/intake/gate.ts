/**
 * The gate for what is inside a file, in words: what keeps it out, and what a person has to look at again before it goes on.
 * Desk and endpoint say the same.
 */
import { findSecrecyMarks } from './secrecy-text.ts'

/** Why a file with this text may not come in; undefined when it may. */
export function refusedText(text: string): string | undefined {
  const mark = findSecrecyMarks(text).find((found) => found.level === 'refuse')
  if (mark === undefined) return undefined
  return `文件里有密级标志“${mark.mark}”，没有收下。涉密文件一律走线下渠道，不得上传。`
}

/** 有“内部资料”字样 — phrases, to be read after the file's name. */
export const warningsInText = (text: string): string[] => [
  ...new Set(
    findSecrecyMarks(text).flatMap((found) => (found.level === 'warn' ? [`有“${found.mark}”字样`] : [])),
  ),
]

/** What no machine can look through. A photograph of a marked page is how secrets get out. */
export const UNREADABLE = {
  scan: '是扫描件，系统看不到其中的文字',
  picture: '是图片，系统看不到其中的文字',
  inside: (count: number) => `夹带 ${count} 个文件，系统没有检查`,
} as const
