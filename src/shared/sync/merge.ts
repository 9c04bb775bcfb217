/**
 * Field-wise merge of drafts: commutative, associative, idempotent. For each path the greater clock wins; equal clocks are
 * the same write. What loses is returned, so that a losing text can be kept in the draft's history.
 */
import { parseHlc, type Hlc } from './hlc.ts'
import type { JsonObject, JsonValue } from './json.ts'

export interface DraftState {
  /** Flat paths. */
  fields: JsonObject
  clocks: Record<string, Hlc>
}

export interface LostValue {
  path: string
  value: JsonValue
  hlc: Hlc
}

export interface DraftMerge extends DraftState {
  lost: LostValue[]
  /** Some incoming path was older than what stood there. */
  olderSomewhere: boolean
}

export function mergeDraft(current: DraftState, changes: JsonObject, hlc: Hlc): DraftMerge {
  const fields: JsonObject = { ...current.fields }
  const clocks: Record<string, Hlc> = { ...current.clocks }
  const lost: LostValue[] = []
  let olderSomewhere = false
  for (const [path, value] of Object.entries(changes)) {
    const standing = Object.hasOwn(clocks, path) ? clocks[path] : undefined
    if (standing === undefined || hlc > standing) {
      const before = fields[path]
      if (standing !== undefined && isOtherDevice(standing, hlc) && isLosable(before) && before !== value)
        lost.push({ path, value: before, hlc: standing })
      fields[path] = value
      clocks[path] = hlc
    } else if (hlc < standing) {
      olderSomewhere = true
      if (isOtherDevice(standing, hlc) && isLosable(value) && value !== fields[path])
        lost.push({ path, value, hlc })
    }
  }
  return { fields, clocks, lost, olderSomewhere }
}

/** Who types on overwrites their own half sentence: that is no loss. */
const isOtherDevice = (one: Hlc, other: Hlc): boolean => parseHlc(one).node !== parseHlc(other).node

/** Only written text is kept in the history: a figure typed over by its author is not a loss. */
function isLosable(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value.trim().length >= 8
}
