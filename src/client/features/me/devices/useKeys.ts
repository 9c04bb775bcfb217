/** The person's signing keys as this phone knows them: shown with no network too. */
import { isKey, keyIdOf, keyRevokedAt } from '../../../../shared/org/device-key.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'

export interface OwnKey {
  id: string
  deviceName: string
  publicKey: string
  enrolledAt: number
  revokedAt: number | null
  /** The one that this phone signs with. */
  thisOne: boolean
}

export async function readKeys(phone: Phone): Promise<OwnKey[]> {
  const facts = await phone.db
    .records('device-key')
    .where('fields.personId')
    .equals(phone.person.id)
    .toArray()
  const own = await phone.deviceKeys.keyId()
  // Of two units, or moved: the same key lies here several times.
  const byId = new Map(facts.filter(isKey).map((fact) => [keyIdOf(fact), fact.fields]))
  return [...byId]
    .map(([id, { deviceName, publicKey, enrolledAt }]) => ({
      id,
      deviceName: deviceName ?? '',
      publicKey,
      enrolledAt,
      revokedAt: keyRevokedAt(id, facts),
      thisOne: id === own,
    }))
    .sort((a, b) => Number(b.thisOne) - Number(a.thisOne) || b.enrolledAt - a.enrolledAt)
}

export function useKeys() {
  const phone = usePhone()
  return useLiveOrLoading(() => readKeys(phone))
}
