/** How far back a phone's cursor may lie: older tombstones are gone, so whoever comes later loads everything anew. */
import { DAY_MS } from '../../../shared/civil-time.ts'

export const TOMBSTONE_HORIZON_MS = 180 * DAY_MS
/** A setting: tombstones from before this time (UTC ms) were removed, whatever the clock said and says. */
export const PRUNED_BEFORE = 'pruned-before'
