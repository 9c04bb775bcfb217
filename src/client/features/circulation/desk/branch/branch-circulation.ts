/**
 * An officer's dispatch within the own branch, also with no network.
 *
 * Guarantees: nothing is dispatched that a second person has not confirmed, as far as this phone knows it; the recipients are
 * the members whom this phone knows at that moment; pressed twice, or on two phones, there is one circulation.
 */
import { circulationId, type Circulation } from '../../../../../shared/circulation/circulation.ts'
import { dispatched, ended, membersNow } from '../../../../../shared/circulation/dispatching.ts'
import type { Membership } from '../../../../../shared/org/membership.ts'
import { useLiveOrLoading } from '../../../../storage/live.ts'
import type { Phone } from '../../../../storage/phone.ts'
import type { PhoneRecord } from '../../../../storage/rows.ts'
import { readDocument } from '../useDocuments.ts'

export interface BranchState {
  members: Membership[]
  circulation: PhoneRecord<Circulation> | undefined
}

export async function readBranchState(
  phone: Phone,
  documentId: string,
  unitId: string,
): Promise<BranchState> {
  const memberships = await phone.db.records('membership').where('fields.unitId').equals(unitId).toArray()
  return {
    members: membersNow(
      memberships.map((m) => m.fields),
      unitId,
      phone.now(),
    ),
    circulation: await phone.db.records('circulation').get(circulationId(documentId, unitId)),
  }
}

export const useBranchState = (phone: Phone, documentId: string, unitId: string) =>
  useLiveOrLoading(() => readBranchState(phone, documentId, unitId))

export type DispatchResult = { type: 'sent' } | { type: 'refused'; sentence: string }
const refused = (sentence: string): DispatchResult => ({ type: 'refused', sentence })

/** Reads again what it rests on: a revision may have been registered since the sheet was opened. */
export async function dispatchWithin(
  phone: Phone,
  documentId: string,
  { deadline, expiresOn }: { deadline: string; expiresOn: string | null },
): Promise<DispatchResult> {
  const line = await readDocument(phone, documentId)
  if (line === null) return refused('本机没有这份文件，请联网后再试一次。')
  if (line.fields.withdrawn) return refused('这份文件已停用，不能再发。')
  if (!line.isConfirmed) return refused('还有版本没有由第二人确认非密，请等确认送达本机后再发。')
  const unitId = line.fields.ownerUnitId
  const { members, circulation } = await readBranchState(phone, documentId, unitId)
  const fields = dispatched({
    documentId,
    document: line.fields,
    unitId,
    standing: circulation?.fields,
    members,
    deadline,
    expiresOn,
    by: phone.person.id,
    now: phone.now(),
  })
  if (fields.recipients.length === 0) return refused('本支部现在没有党员，无法传阅。请先核对人员。')
  await phone.store.put('circulation', fields, { id: circulationId(documentId, unitId) })
  return { type: 'sent' }
}

/** Nothing when it has ended so before, or is not here. */
export async function endWithin(
  phone: Phone,
  id: string,
  state: 'recalled' | 'closed',
  reason: string,
): Promise<void> {
  const standing = await phone.store.get('circulation', id)
  if (standing === undefined || standing.fields.state === 'recalled' || standing.fields.state === state)
    return
  const fields = ended(standing.fields, { state, reason, by: phone.person.id, now: phone.now() })
  await phone.store.put('circulation', fields, { id })
}
