/** Why an act or a question went wrong, as a note shows it. */
import { ERRORS, isErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { sentenceOf } from '../sentence-of.ts'

export interface Trouble {
  /** Where a page knows no better one. */
  title: string
  text: string
  /** Asked again it would be answered the same: nothing offers that. */
  isFinal?: boolean
}

const ADVICE = '请再试一次；若仍不行，请告诉系统管理员。'

const codeOf = (problem: unknown): string =>
  problem instanceof Error && Reflect.get(problem, 'type') === 'remote-problem'
    ? String(Reflect.get(problem, 'code'))
    : ''

/** A refusal that stays until someone changes what it is about. */
const isFinal = (code: string): boolean =>
  isErrorCode(code) && ['show', 'update-app'].includes(ERRORS[code].action)

/** @param unforeseen what is said of an error that nobody foresaw */
export function troubleOf(problem: unknown, unforeseen: string = ADVICE): Trouble {
  const code = codeOf(problem)
  const text = sentenceOf(problem, unforeseen)
  return {
    title: code === 'offline' ? '这一页需要联网' : '没有办成',
    text,
    ...(isFinal(code) ? { isFinal: true } : {}),
  }
}
