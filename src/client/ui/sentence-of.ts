/**
 * What went wrong, as the sentence that a person reads.
 *
 * Guaranteed: always Chinese, and never the message of an error that was not written for people. Whoever shows why an act
 * failed asks here; `error.message` is for the console.
 */
export const UNFORESEEN = '这里出了点问题，已经存下的内容都在。请再试一次；若仍不行，请在“意见建议”里写一句。'
const NOT_HERE = '这个页面还没有下载到本机。请连上网络后再打开。'
/** Online, a part that cannot be fetched has gone with the version before. */
export const OUTDATED = '有新版本，请重新打开本应用。若仍打不开，请连上网络后再试。已经存下的内容都在。'
const INVALID = '内容不符合要求，没有存下。请检查填写的内容后再试。'

/** Errors of our own carry a sentence that says what to do. */
const SPEAKING = new Set([
  'storage-trouble',
  'remote-problem',
  'invalid-fields',
  'wrong-bytes',
  'unreadable-pdf',
])

const typeOf = (problem: Error): string => String(Reflect.get(problem, 'type'))

/** A check of fields may speak in the words of the validator, a proxy in its own. */
const isForPeople = (text: string): boolean => /\p{Script=Han}/u.test(text)

/** @param unforeseen what is said of an error that nobody foresaw: what was not done, and what to do */
export function sentenceOf(problem: unknown, unforeseen: string = UNFORESEEN): string {
  if (!(problem instanceof Error)) return unforeseen
  const type = typeOf(problem)
  if (SPEAKING.has(type) && isForPeople(problem.message)) return problem.message
  if (type === 'invalid-fields') return INVALID
  if (!isMissingPart(problem)) return unforeseen
  // Safari's 'Load failed' is said of any request: only of the line, never of a version.
  return navigator.onLine && !/load failed/i.test(problem.message) ? OUTDATED : NOT_HERE
}

/** A lazy part of the app that is neither on the phone nor reachable: the browsers' words for it. */
export function isMissingPart(problem: Error): boolean {
  return /dynamically imported module|module script failed|preload CSS|load failed/i.test(problem.message)
}
