/**
 * History of the wire:
 *   1  first version
 */
export const PROTOCOL_VERSION = 1
/** The endpoint answers pushes of every version ever shipped: what is queued on an old phone must get home. */
export const OLDEST_PUSH_VERSION = 1
