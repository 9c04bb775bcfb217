/**
 * 报码: four figures that find a person of a roster by voice. Always the same for one person, made from their id alone: it is
 * found on any officer's phone with no network, and it proves nothing. Two people of a branch may share one: both are shown.
 */
import { sha256Hex } from '../../../sync/canonical.ts'

export const SHORT_CODE_DIGITS = 4

export const shortCodeOf = (personId: string): string =>
  String(parseInt(sha256Hex(`short-code:${personId}`).slice(0, 12), 16) % 10 ** SHORT_CODE_DIGITS).padStart(
    SHORT_CODE_DIGITS,
    '0',
  )

/** Everyone whose code it is, in the order given. */
export const findByShortCode = <P extends { personId: string }>(people: readonly P[], code: string): P[] =>
  people.filter(({ personId }) => shortCodeOf(personId) === code)
