/**
 * Who signs for whom, as a pure function of the set of changes: the order in which they arrived does not matter.
 *
 * A substitute signs as long as the change that names them stands. Ended by a later change (恢复签阅, 免签, another substitute),
 * what they signed before the endpoint had the ending still counts: till then nobody could have told them. It is taken for
 * seven days after the ending, like everything that was done while one might; then nothing can be dated back any more.
 */
import { GRACE_MS } from '../../org/actor.ts'
import { headsOf } from '../../sync/heads.ts'
import type { RecipientChange } from '../recipient-change.ts'

interface StoredChange {
  id: string
  fields: RecipientChange
}

export interface Substitution {
  /** The change that names the substitute; a sign-off made by it names it. */
  changeId: string
  circulationId: string
  /** For whom. */
  personId: string
  name: string
  substituteId: string
  /** Empty where an older phone named the substitute by id alone. */
  substituteName: string
  reason: string
}

/** Those in force. Whoever is excused as well needs no substitute. Several officers may have named several. */
export function substitutionsOf(changes: readonly StoredChange[]): Substitution[] {
  const heads = headsOf(changes.map((x) => ({ ...x, supersedes: x.fields.supersedes ?? [] })))
  const subjectOf = ({ fields: f }: StoredChange): string => `${f.circulationId}:${f.personId}`
  const excused = new Set(heads.filter((h) => h.fields.change === 'excuse').map(subjectOf))
  return heads
    .filter((h) => h.fields.change === 'substitute' && h.fields.substituteId && !excused.has(subjectOf(h)))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, fields: f }) => ({
      changeId: id,
      circulationId: f.circulationId,
      personId: f.personId,
      name: f.name,
      substituteId: f.substituteId!,
      substituteName: f.substituteName ?? '',
      reason: f.reason,
    }))
}

interface SignedFor {
  personId: string
  signedBy: string
  circulationId: string
  changeId: string | null
  /** Device time (UTC ms). */
  signedAt: number
}

/**
 *   stands  the signer is the person's substitute now
 *   before  no more, but was when this was signed
 *   ended   was no more when it was signed, or it came too late to be believed; or never was
 *
 * @param changes of all kinds, with the endpoint's times
 * @param at when the sign-off arrived at the endpoint
 */
export function substitutionAt(
  signed: SignedFor,
  changes: readonly (StoredChange & { receivedAt: number })[],
  at: number,
): 'stands' | 'before' | 'ended' {
  const own = changes.filter(
    ({ fields: f }) => f.circulationId === signed.circulationId && f.personId === signed.personId,
  )
  // As they stood when it arrived: what came later ends nothing that was taken.
  const known = own.filter(({ receivedAt }) => receivedAt <= at)
  if (substitutionsOf(known).some(({ substituteId }) => substituteId === signed.signedBy)) return 'stands'
  const named = known.find(({ id }) => id === signed.changeId)
  if (named?.fields.change !== 'substitute' || named.fields.substituteId !== signed.signedBy) return 'ended'
  const isEnd = ({ fields: f, receivedAt }: (typeof known)[number]): boolean =>
    (f.supersedes ?? []).includes(named.id) || (f.change === 'excuse' && receivedAt > named.receivedAt)
  const endedAt = Math.min(...known.filter(isEnd).map(({ receivedAt }) => receivedAt))
  return signed.signedAt < endedAt && at <= endedAt + GRACE_MS ? 'before' : 'ended'
}
