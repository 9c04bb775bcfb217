/** The changes of the list as this phone has them, and those that a new one replaces. */
import type { RecipientChange } from '../../../../shared/circulation/recipient-change.ts'
import { headsOf } from '../../../../shared/sync/heads.ts'
import type { Phone } from '../../../storage/phone.ts'

export interface StoredChange {
  id: string
  fields: RecipientChange
}

export async function readChanges(
  phone: Phone,
  circulationId: string,
  personId: string,
): Promise<StoredChange[]> {
  const all = await phone.db
    .records('recipient-change')
    .where('fields.circulationId')
    .equals(circulationId)
    .toArray()
  return all.filter(({ fields }) => fields.personId === personId)
}

/** @param changes of one person */
export const headChangeIds = (changes: readonly StoredChange[]): string[] =>
  headsOf(changes.map(({ id, fields }) => ({ id, supersedes: fields.supersedes ?? [] }))).map(({ id }) => id)
