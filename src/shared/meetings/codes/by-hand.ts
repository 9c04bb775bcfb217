/** Why a code is no proof, although it names somebody of the roll. Kept in the mark that an officer then made: never renamed. */
export const BY_HAND_REASONS = ['unknown-key', 'expired', 'from-future'] as const
export type ByHandReason = (typeof BY_HAND_REASONS)[number]

const WORDS: Record<ByHandReason, string> = {
  'unknown-key': '密钥未下载',
  expired: '码已过期',
  'from-future': '码的时间在后',
}

/** Of a mark; a reason that a newer app brought has no words yet. Empty where the mark does not rest on the officer's word. */
export function byHandInWords(reason: string | undefined): string {
  if (reason === undefined || reason === '') return ''
  const known = BY_HAND_REASONS.find((each) => each === reason)
  return known === undefined ? '手工认可' : `手工认可（${WORDS[known]}）`
}
