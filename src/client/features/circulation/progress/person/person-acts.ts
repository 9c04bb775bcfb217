/** What an officer may enter for one person of a circulation: which acts are offered, and their words. */
import type { ProgressLine } from '../read-progress.ts'

export type PersonAct = 'paper' | 'excuse' | 'substitute' | 'restore' | 'settle'

export interface ActWords {
  title: string
  label: string
  hint: string
  press: string
  isOptional?: true
  limit: number
}

export const ACT_WORDS: Record<PersonAct, ActWords> = {
  paper: {
    title: '纸质补录',
    label: '纸上写的意见',
    hint: '本人已在纸质传阅单上签字时使用。记为“纸质补录”，写明由你录入；纸质原件请留存。',
    press: '录入纸质签字',
    isOptional: true,
    limit: 5000,
  },
  excuse: {
    title: '免签',
    label: '免签理由',
    hint: '例如：长期病假、借调外单位。',
    press: '记为免签',
    limit: 200,
  },
  substitute: {
    title: '代签',
    label: '代签理由',
    hint: '例如：外出培训至月底，已电话告知本人。',
    press: '指定代签',
    limit: 200,
  },
  restore: {
    title: '恢复签阅',
    label: '恢复理由',
    hint: '例如：已返岗。',
    press: '恢复签阅',
    limit: 200,
  },
  settle: {
    title: '核定签字',
    label: '核定理由',
    hint: '例如：本人确认以纸上写的意见为准。',
    press: '核定',
    limit: 200,
  },
}

/** While a substitute is named, the way back is to end that. */
export const restoreWords = (line: ProgressLine): string =>
  line.state === 'excused' ? '恢复签阅' : '结束代签'

/** In the order of the buttons. A recalled circulation takes nothing but a settlement of what was signed. */
export function actsFor(line: ProgressLine, { isRecalled }: { isRecalled: boolean }): PersonAct[] {
  const { standing, state, substitutions } = line
  const settle: PersonAct[] =
    standing.beside.length > 0 && (standing.isOpen || standing.settledBy) ? ['settle'] : []
  if (isRecalled) return settle
  if (state === 'excused') return ['restore', ...settle]
  // A signed paper may turn up beside what was signed on a phone: both are kept.
  if (state === 'signed') return ['paper', ...settle]
  return [
    ...(substitutions.length > 0 ? ['restore' as const] : ['excuse' as const, 'substitute' as const]),
    'paper',
    ...settle,
  ]
}
