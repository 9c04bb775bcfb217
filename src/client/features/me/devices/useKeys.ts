/** The person's signing keys as this phone knows them: shown with no network too. */
import { keyRevokedAt } from '../../../../shared/org/device-key.ts'
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
  return facts
    .filter(({ fields }) => fields.revokedAt == null)
    .map(({ id, fields: { deviceName, publicKey, enrolledAt } }) => ({
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
