/**
 * At open: what lies on the phone becomes readable for this version of the app. Both works are done once after an update, so
 * they come apart from the first screen; whether there is any to do is seen at once.
 */
import type { PhoneDb } from '../db.ts'
import { SCHEMA_VERSIONS } from '../layout.precomputed.ts'
import type { FirstLook } from './first-look.ts'

type Reached = FirstLook['schemas']

/** Rows on the phone are of another version than the one that this app reads. */
export const areOfOtherVersion = (reached: Reached): boolean =>
  [...Object.keys(SCHEMA_VERSIONS), ...Object.keys(reached)].some(
    (type) => (SCHEMA_VERSIONS[type] ?? 1) !== (reached[type] ?? 1),
  )

/** @throws StorageTrouble when a newer version of the app has been here: its rows are not for this one to write */
export async function makeReadable(
  db: PhoneDb,
  personId: string,
  { schemas: reached, quarantined }: Pick<FirstLook, 'schemas' | 'quarantined'>,
): Promise<void> {
  if (areOfOtherVersion(reached)) await (await import('./upgrade.ts')).upgradeRows(db, personId)
  if (quarantined === 0) return
  // Where its code cannot be had now, what is set aside waits for the next start.
  const code = await import('../pages/quarantine.ts').catch(() => undefined)
  await code?.readmitQuarantined(db, personId)
}
