/**
 * History of the wire:
 *   1  first version
 */
export const PROTOCOL_VERSION = 1
/** The endpoint answers pushes of every version ever shipped: what is queued on an old phone must get home. */
export const OLDEST_PUSH_VERSION = 1
/**
 * Pages of records go to versions from here on. An older app hears that it must be updated, after its queue has come home; it
 * is raised only when such an app could not read what it would get.
 */
export const OLDEST_PULL_VERSION = 1
