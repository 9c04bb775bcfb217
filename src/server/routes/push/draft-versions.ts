/**
 * Drafts of an older schema version, brought to this endpoint's before they are merged: what stands as a whole, what comes as
 * the paths that it changes. A row is never called newer than what is in it.
 */
import { canonicalJson } from '../../../shared/sync/canonical.ts'
import { upgradeFields, type AnyDefinition } from '../../../shared/sync/define-record.ts'
import { flatten, unflatten } from '../../../shared/sync/flat-paths.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import type { DraftState } from '../../../shared/sync/merge.ts'
import type { StoredRecord } from '../../store/record-store.ts'

/** A path that the upgrade made has the clock of the draft's last edit: nothing older writes over it. */
export function standingDraft(definition: AnyDefinition, current: StoredRecord | undefined): DraftState {
  const clocks = JSON.parse(current?.clocks ?? '{}') as Record<string, string>
  if (current === undefined || current.deleted) return { fields: {}, clocks }
  const fields = JSON.parse(current.fields) as JsonObject
  if (current.schemaVersion >= definition.schemaVersion) return { fields: flatten(fields), clocks }
  const flat = flatten(upgradeFields(definition, fields, current.schemaVersion))
  const last = Object.values(clocks).sort().at(-1)
  const made = Object.keys(flat).filter((path) => !Object.hasOwn(clocks, path))
  const madeClocks = last === undefined ? [] : made.map((path) => [path, last] as const)
  return { fields: flat, clocks: { ...clocks, ...Object.fromEntries(madeClocks) } }
}

/**
 * @param isNew a draft that isn't there yet takes the defaults of the upgrade as well; otherwise only what follows from the
 *   changed paths
 * @throws TypeError for a path that would reach a prototype or go through a leaf
 */
export function changedPaths(
  definition: AnyDefinition,
  { fields, schemaVersion }: { fields: JsonObject; schemaVersion: number },
  isNew: boolean,
): JsonObject {
  const whole = unflatten(fields)
  if (schemaVersion >= definition.schemaVersion) return fields
  const upgraded = flatten(upgradeFields(definition, whole, schemaVersion))
  if (isNew) return upgraded
  const defaults = flatten(upgradeFields(definition, {}, schemaVersion))
  const follows = ([path, value]: [string, unknown]) =>
    Object.hasOwn(fields, path) ||
    !Object.hasOwn(defaults, path) ||
    canonicalJson([value]) !== canonicalJson([defaults[path]])
  return Object.fromEntries(Object.entries(upgraded).filter(follows))
}
