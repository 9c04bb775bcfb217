/** Why an act or a question went wrong, as a note shows it. */
import { sentenceOf } from '../sentence-of.ts'

export interface Trouble {
  /** Where a page knows no better one. */
  title: string
  text: string
}

const ADVICE = '请再试一次；若仍不行，请告诉系统管理员。'

const isOffline = (problem: unknown): boolean =>
  problem instanceof Error &&
  Reflect.get(problem, 'type') === 'remote-problem' &&
  Reflect.get(problem, 'code') === 'offline'

/** @param unforeseen what is said of an error that nobody foresaw */
export const troubleOf = (problem: unknown, unforeseen: string = ADVICE): Trouble => ({
  title: isOffline(problem) ? '这一页需要联网' : '没有办成',
  text: sentenceOf(problem, unforeseen),
})
