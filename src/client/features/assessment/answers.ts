/** Answers as a screen reads them. A draft in work may hold only some of an answer's parts. */
import type { Indicator, IndicatorSet } from '../../../shared/assessment/indicator-set.ts'
import type { Answer } from '../../../shared/assessment/self-assessment.ts'

export type StoredAnswers = Readonly<Record<string, Partial<Answer> | undefined>>
export type WholeAnswers = Record<string, Answer>

export function answerOf(answers: StoredAnswers | undefined, indicatorId: string): Answer {
  const answer = answers?.[indicatorId]
  return {
    score: answer?.score ?? null,
    sentence: answer?.sentence ?? '',
    evidence: answer?.evidence ?? '',
  }
}

const isEmpty = (answer: Answer): boolean =>
  answer.score === null && answer.sentence.trim() === '' && answer.evidence.trim() === ''

/** What is submitted: every answer of the set in which something stands. */
export function answersOfSet(
  set: Pick<IndicatorSet, 'indicators'>,
  answers: StoredAnswers | undefined,
): WholeAnswers {
  const whole: WholeAnswers = {}
  for (const { id } of set.indicators) {
    const answer = answerOf(answers, id)
    if (!isEmpty(answer)) whole[id] = answer
  }
  return whole
}

const sameAnswer = (a: Answer, b: Answer): boolean =>
  a.score === b.score && a.sentence === b.sentence && a.evidence === b.evidence

/** Equal for a reader: an answer without anything in it is the same as none. */
export function sameAnswers(
  set: Pick<IndicatorSet, 'indicators'>,
  a: StoredAnswers | undefined,
  b: StoredAnswers | undefined,
): boolean {
  return set.indicators.every(({ id }) => sameAnswer(answerOf(a, id), answerOf(b, id)))
}

export interface IndicatorGroup {
  name: string
  indicators: { indicator: Indicator; place: number }[]
}

/** In the order of the set; neighbours of one group together. `place` counts from 0 over the whole set. */
export function groupsOf(set: Pick<IndicatorSet, 'indicators'>): IndicatorGroup[] {
  const groups: IndicatorGroup[] = []
  set.indicators.forEach((indicator, place) => {
    const last = groups.at(-1)
    const name = indicator.group ?? ''
    if (last !== undefined && last.name === name) last.indicators.push({ indicator, place })
    else groups.push({ name, indicators: [{ indicator, place }] })
  })
  return groups
}

/** What the set adds up to; 100 when it was made well. */
export const fullTotal = (set: Pick<IndicatorSet, 'indicators'>): number =>
  set.indicators.reduce((sum, i) => sum + Math.round(i.max * 10), 0) / 10

/** A space at which no line ends. */
const TIED = '\u00a0'

/** What it asks, and its maximum, whose figure stays beside its word. */
export function askedInWords({ description, max }: Indicator): string {
  const asked = (description ?? '').trim().replace(/[。；;]$/, '')
  const full = `满分${TIED}${max}${TIED}分。`
  return asked === '' ? full : `${asked}。${full}`
}

/** So many names, then how many there are. Titles may hold commas and quotes: a semicolon parts them. */
export function namesInWords(titles: readonly string[], most = 3): string {
  const shown = titles.slice(0, most).join('；')
  return titles.length > most ? `${shown}；等 ${titles.length} 项` : shown
}
