/** The sheet from what this phone holds: for the officers of the branch, with no network too. */
import { computed } from 'vue'
import { sheetOf } from '../../../../shared/circulation/sheet.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'

async function readFacts(phone: Phone, id: string) {
  const circulation = await phone.db.records('circulation').get(id)
  if (circulation === undefined) return null
  const [changes, signOffs, unit, receipts, settlements] = await Promise.all([
    phone.db.records('recipient-change').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('unit').get(circulation.fields.unitId),
    phone.db.records('countersignature').where('fields.circulationId').equals(id).toArray(),
    phone.db.records('sign-off-settlement').where('fields.circulationId').equals(id).toArray(),
  ])
  return { circulation, changes, signOffs, receipts, settlements, unitName: unit?.fields.name ?? '' }
}

export function useSheet(id: string) {
  const phone = usePhone()
  const facts = useLiveOrLoading(() => readFacts(phone, id))
  const sheet = computed(() => {
    if (facts.value == null) return facts.value
    const { circulation, changes, signOffs, receipts, settlements, unitName } = facts.value
    const isAccepted = ({ pending }: { pending: 0 | 1 }): boolean => pending === 0
    const accepted = {
      circulation,
      changes: changes.filter(isAccepted),
      signOffs: signOffs.filter(isAccepted),
      settlements: settlements.filter(isAccepted),
    }
    const waiting = [changes, signOffs, settlements].flat().filter((fact) => !isAccepted(fact)).length
    const receivedAt = new Map(receipts.map(({ fields }) => [fields.signOffId, fields.receivedAt]))
    return { ...sheetOf(accepted), circulation: circulation.fields, unitName, waiting, receivedAt }
  })
  return sheet
}
