/** A line of 导出留痕: what was taken out. */
import {
  EXPORT_WORDS,
  type CirculationExport,
} from '../../../../../shared/circulation/export/circulation-export.ts'

export function exportInWords(note: CirculationExport): string {
  const { kind = 'year', year, withOriginals, title, documentNo, unitName, circulations } = note
  if (kind === 'year') return `${year} 年传阅${withOriginals ? '，带原件' : ''}`
  const whose = unitName || (circulations ? `${circulations} 个支部` : '')
  // A newer app may note what this one has no word for.
  return `${EXPORT_WORDS[kind] ?? '导出'}：${[documentNo, title, whose].filter(Boolean).join(' · ')}`
}
