/** A sign-off in one line: in the list of people, and to choose by. */
import { SIGN_OFF_MODE_WORDS, type SignOff } from '../../../../../shared/circulation/signing/sign-off.ts'
import { momentInWords } from '../../../../ui/moments.ts'

/** At 360 px the picker shows about twenty characters of its line. */
const OPINION_SHOWN = 6

/** 代签（林晓禾）. @param by who signed instead, where a substitute did */
export const modeInWords = ({ mode }: Pick<SignOff, 'mode'>, by: string): string =>
  mode === 'substitute' && by !== '' ? `${SIGN_OFF_MODE_WORDS[mode]}（${by}）` : SIGN_OFF_MODE_WORDS[mode]

/** 纸质补录 · 同意，请办公… · 昨天 07:52 */
export function signOffInWords({ mode, signedAt, opinion }: SignOff, now: number): string {
  const words = (opinion ?? '').trim()
  const short = words.length > OPINION_SHOWN ? `${words.slice(0, OPINION_SHOWN)}…` : words
  return [SIGN_OFF_MODE_WORDS[mode], short || '没有意见', momentInWords(signedAt, now)].join(' · ')
}
