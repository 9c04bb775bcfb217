/**
 * A device that was lost or given away: its sessions end and its key takes no more signatures, in any unit that has it; what it
 * signed before stays good.
 */
import { idFrom } from '../../shared/sync/canonical.ts'
import type { DeviceKey } from '../../shared/org/device-key.ts'
import type { Device, WriteTx } from '../store/record-store.ts'
import { bringKeys } from './people/bring-keys.ts'
import { writeRecord } from './write-record.ts'

/** @returns the scopes that moved, if the device had a key. Nothing happens to a device that was ended before. */
export async function endDevice(
  tx: WriteTx,
  device: Device,
  { by, now }: { by: string; now: number },
): Promise<string[]> {
  if (device.revokedAt !== null) return []
  await tx.putDevice({ ...device, revokedAt: now })
  await tx.deleteSessionsOf(device.personId, device.id)
  const key = device.keyId === null ? undefined : await tx.record('device-key', device.keyId)
  if (key === undefined || key.deleted) return []
  const fields = JSON.parse(key.fields) as DeviceKey
  const { scope } = await writeRecord(tx, {
    type: 'device-key',
    id: idFrom('device-key revoked', key.id, String(now)),
    fields: { ...fields, revokedAt: now, supersedes: [key.id] },
    author: by,
    now,
  })
  return [scope, ...(await bringKeys(tx, [device.personId], now))]
}
