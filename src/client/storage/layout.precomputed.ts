/**
 * What the registry says about the phone's tables. In the built app this file holds the finished values (vite.config.ts runs it
 * while building): the first screen opens the database without carrying the definitions of every record type.
 */
import { definitions } from '../../shared/sync/registry.ts'

/** The key paths inside `fields` by which each record type is looked up. */
export const RECORD_INDEXES: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  definitions.map(({ type, indexes }) => [type, indexes]),
)

/** Of each type whose schema has had a second version. */
export const SCHEMA_VERSIONS: Readonly<Record<string, number>> = Object.fromEntries(
  definitions.filter((d) => d.schemaVersion > 1).map(({ type, schemaVersion }) => [type, schemaVersion]),
)
