/** Answers as a screen reads them. A draft in work may hold only some of an answer's parts. */
import type { IndicatorSet } from '../../../shared/assessment/indicator-set.ts'
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

/** What the set adds up to; 100 when it was made well. */
export const fullTotal = (set: Pick<IndicatorSet, 'indicators'>): number =>
  set.indicators.reduce((sum, i) => sum + Math.round(i.max * 10), 0) / 10
