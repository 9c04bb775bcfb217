/**
 * The epoch: one life of a store, from its making or its last restore to the next restore. Phones compare it and nothing more,
 * but for one thing: an epoch that a restore began says up to which moment the backup had everything, so that a phone knows
 * which of its rows may have been lost.
 *
 *     <random id>              of a store that was never restored
 *     <random id>.<moment>     restored from a backup of that moment (UTC ms, the endpoint's clock)
 */

/** @param backupAt when the backup's snapshot was taken (UTC ms) */
export const restoredEpoch = (randomId: string, backupAt: number): string => `${randomId}.${backupAt}`

/** When the backup was taken that this epoch began with; undefined for a store that was never restored. */
export function backupMomentOf(epoch: string): number | undefined {
  const digits = /\.(\d{1,16})$/.exec(epoch)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
