/** The right to a file in a scope ends when the last record there that names it is gone or recalled. */
import { definitions, definitionOf } from '../../../shared/sync/registry.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import type { WriteTx } from '../../store/record-store.ts'

/** Takes the right to these files away from a scope, but for those that another record of the scope still names. */
export async function releaseBlobs(tx: WriteTx, scope: string, blobs: readonly string[]): Promise<void> {
  if (blobs.length === 0) return
  const types = definitions.filter((d) => d.blobs !== undefined).map((d) => d.type)
  const rows = await tx.records({ types, scopes: [scope] })
  const named = new Set(
    rows.flatMap((r) => definitionOf(r.type)?.blobs?.(JSON.parse(r.fields) as JsonObject) ?? []),
  )
  for (const sha256 of blobs) if (!named.has(sha256)) await tx.removeBlobScope(sha256, scope)
}
