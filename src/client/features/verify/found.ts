/** What a check found, as the page shows it: the sum, the seal, quiet lines about the file, and each thing that was checked. */
import type { SealState } from '../../../shared/bundle/filed.ts'
import type { NamedFile } from '../../../shared/meetings/bundle/named-files.ts'
import type { Tone } from '../../ui/words.ts'

export interface FoundLine {
  key: string
  title: string
  note: string
  /** 成立, 不成立 … */
  tag: string
  tone: Tone
}

export interface Found {
  words: string
  seal: string
  isBroken: boolean
  notes: string[]
  lines: FoundLine[]
  /** Files that it names and that do not lie in it. */
  named?: NamedFile[]
}

/** @param sealKey the first digits of the sealing key's id */
export function sealInWords(seal: SealState, sealKey: string): string {
  if (seal === 'holds') return `封签成立：导出后没有改过，密钥 ${sealKey} 是本单位的。`
  if (seal === 'broken') return '封签不成立：文件在导出后被改过。'
  return `导出后没有改过，但本机没有密钥 ${sealKey} 的底档，请向导出单位核对这八位。`
}
