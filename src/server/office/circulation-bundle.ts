/** A circulation with everything that checks it, sealed by the endpoint: for the file, and for `verify-circulation`. */
import { isOffice, isOfficerOf } from '../../shared/org/actor.ts'
import type { Circulation } from '../../shared/circulation/circulation.ts'
import {
  PURPOSE,
  sealStatement,
  type Bundle,
  type Filed,
  type SealedBundle,
} from '../../shared/circulation/bundle/bundle.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { unitScope } from '../../shared/sync/scopes.ts'
import { countersignKey } from '../auth/countersign-key.ts'
import type { Actors } from '../auth/access.ts'
import { Refusal } from '../problem.ts'
import type { ReadTx, RecordStore, StoredRecord } from '../store/record-store.ts'

export interface BundleQuestion {
  circulationId: string
  personId: string
  now: number
}

/** @throws Refusal not-found; forbidden for who is neither of the office nor an officer of the branch now */
export async function exportBundle(
  store: RecordStore,
  actors: Actors,
  asked: BundleQuestion,
): Promise<SealedBundle> {
  // First, so that it is among the keys that are read.
  const key = await countersignKey(store, asked.now)
  const bundle = await store.read((tx) => readBundle(tx, actors, asked))
  return { ...bundle, seal: { keyId: key.keyId, signature: await key.sign(sealStatement(bundle)) } }
}

async function readBundle(
  tx: ReadTx,
  actors: Actors,
  { circulationId, personId, now }: BundleQuestion,
): Promise<Bundle> {
  const stored = await tx.record('circulation', circulationId)
  if (stored === undefined || stored.deleted) throw new Refusal('not-found')
  const fields = JSON.parse(stored.fields) as Circulation
  const { unitId } = fields
  const actor = await actors(tx, personId, now)
  // Who may not know of it learns nothing of it.
  if (!isOffice(actor) && !isOfficerOf(actor, unitId)) throw new Refusal('not-found')
  const unit = await tx.record('unit', unitId)
  const asking = await tx.account({ personId })
  const changes = await tx.records({ types: ['recipient-change'], scopes: [unitScope(unitId)] })
  const inFiles = await tx.records({
    types: ['sign-off', 'countersignature'],
    scopes: (await tx.scopesWithPrefix(`file:${unitId}:`)).map(({ name }) => name),
  })
  const ofThis = <Fields extends { circulationId: string }>(type: string, rows: readonly StoredRecord[]) =>
    filed<Fields>(rows.filter((row) => row.type === type)).filter(
      (x) => x.fields.circulationId === circulationId,
    )
  const signOffs: Bundle['signOffs'] = ofThis('sign-off', inFiles)
  const acted = [...new Set(signOffs.map((s) => s.fields.signedBy))]
  const deviceKeys: Bundle['deviceKeys'] = filed(await tx.records({ types: ['device-key'], persons: acted }))
  return {
    purpose: PURPOSE,
    version: 1,
    exportedAt: now,
    exportedBy: { personId, name: asking?.name ?? '' },
    unit: { id: unitId, name: unit === undefined ? '' : (JSON.parse(unit.fields) as Unit).name },
    circulation: filed<Circulation>([stored])[0]!,
    changes: ofThis('recipient-change', changes),
    signOffs,
    countersignatures: ofThis('countersignature', inFiles),
    deviceKeys,
    endpointKeys: filed(await tx.records({ types: ['endpoint-key'] })),
  }
}

const filed = <Fields>(rows: readonly StoredRecord[]): Filed<Fields>[] =>
  rows.map(({ id, author, observedAt, receivedAt, fields }) => ({
    id,
    author,
    observedAt,
    receivedAt,
    fields: JSON.parse(fields) as Fields,
  }))
