/**
 * What the person of this phone is to sign for others, and has signed for them. Pure but for the reading.
 *
 * Guarantee: a substitution that was ended asks no more as soon as this phone knows of the end; what was signed for somebody
 * stays told, also on the next phone.
 */
import { substitutionsOf, type Substitution } from '../../../../shared/circulation/signing/substitution.ts'
import type { SignedFor } from '../../../../shared/circulation/signing/signed-for.ts'
import { signedSha256 } from '../../../../shared/circulation/document/signed-sha256.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import type { PhoneRecord } from '../../../storage/rows.ts'
import { byDue, lineFor, type CirculationLine } from '../circulation-lines.ts'

export interface ForOther {
  substitution: Substitution
  /** As the person for whom it is signed stands, as far as this phone knows. */
  line: CirculationLine
  /** What one signed of the newest revision for the person. */
  signed: PhoneRecord<SignedFor> | undefined
}

export const asksFor = ({ line }: ForOther): boolean => line.state === 'waiting' || line.state === 'outdated'

/** @param circulationId of all when absent */
export async function readForOthers(phone: Phone, circulationId?: string): Promise<ForOther[]> {
  const me = phone.person.id
  const table = phone.db.records('recipient-change')
  const changes =
    circulationId === undefined
      ? await table.toArray()
      : await table.where('fields.circulationId').equals(circulationId).toArray()
  const mine = substitutionsOf(changes).filter(({ substituteId }) => substituteId === me)
  const found: ForOther[] = []
  for (const substitution of mine) {
    const id = substitution.circulationId
    const circulation = await phone.db.records('circulation').get(id)
    if (circulation === undefined) continue
    const [signOffs, records] = await Promise.all([
      phone.db.records('sign-off').where('fields.circulationId').equals(id).toArray(),
      phone.db.records('signed-for').where('fields.circulationId').equals(id).toArray(),
    ])
    const own = records.filter(
      ({ fields: f }) => f.personId === me && f.forPersonId === substitution.personId,
    )
    const line = lineFor(circulation, changes, signOffs, substitution.personId, phone.now())
    const signed = own.find(({ fields }) => fields.sha256 === signedSha256(line.revision))
    // The sign-off itself lies in the other's file, which this phone may not hold.
    const isAsked = line.state === 'waiting' || line.state === 'outdated'
    const state = !isAsked ? line.state : signed ? 'signed' : own.length > 0 ? 'outdated' : line.state
    found.push({ substitution, line: { ...line, state }, signed })
  }
  return found.sort((a, b) => byDue(a.line, b.line) || (a.substitution.name < b.substitution.name ? -1 : 1))
}

export async function readForOther(phone: Phone, id: string, personId: string): Promise<ForOther | null> {
  const all = await readForOthers(phone, id)
  return all.find(({ substitution }) => substitution.personId === personId) ?? null
}

export function useForOthers(circulationId?: () => string) {
  const phone = usePhone()
  return useLiveOrLoading(
    () => readForOthers(phone, circulationId?.()),
    circulationId === undefined ? [] : [circulationId],
  )
}
