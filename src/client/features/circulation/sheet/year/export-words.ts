/** A line of 导出留痕: what was taken out. */
import type { CirculationExport } from '../../../../../shared/circulation/export/circulation-export.ts'

const WHAT = { file: '核对文件', print: '打印传阅单', table: '传阅单表格' } as const

export function exportInWords(note: CirculationExport): string {
  const { kind = 'year', year, withOriginals, title, documentNo, unitName, circulations } = note
  if (kind === 'year') return `${year} 年传阅${withOriginals ? '，带原件' : ''}`
  const whose = unitName || `${circulations} 个支部`
  return `${WHAT[kind]}：${[documentNo, title, whose].filter(Boolean).join(' · ')}`
}
