/** A circulation with everything that checks it, sealed by the endpoint: for the file, and for `verify-circulation`. */
import { isOffice, isOfficerOf } from '../../shared/org/actor.ts'
import { sealStatement, type Filed } from '../../shared/bundle/filed.ts'
import type { Circulation } from '../../shared/circulation/circulation.ts'
import { PURPOSE, type Bundle, type SealedBundle } from '../../shared/circulation/bundle/bundle.ts'
import type { RecipientChange } from '../../shared/circulation/recipient-change.ts'
import { signOff, type SignOff } from '../../shared/circulation/signing/sign-off.ts'
import { settlement, type Settlement } from '../../shared/circulation/signing/settlement.ts'
import type { Unit } from '../../shared/org/unit.ts'
import { unitScope } from '../../shared/sync/scopes.ts'
import { countersignKey, type CountersignKey } from '../auth/countersign-key.ts'
import type { Actors } from '../auth/access.ts'
import { Refusal } from '../problem.ts'
import { headOf, noteExport } from './note-export.ts'
import type { ReadTx, RecordStore, StoredRecord } from '../store/record-store.ts'

export interface BundleQuestion {
  circulationId: string
  personId: string
  now: number
  /** Taken along as a file, and noted; not only looked at. */
  isTaken: boolean
}

/** @returns with the scope that the note was written to, if it was. @throws Refusal not-found, also for who is neither of the office nor an officer of the branch now */
export async function exportBundle(
  store: RecordStore,
  actors: Actors,
  { circulationId, personId, now, isTaken }: BundleQuestion,
): Promise<{ bundle: SealedBundle; moved: string[] }> {
  // First, so that it is among the keys that are read.
  const key = await countersignKey(store, now)
  const bundle = await store.read(async (tx) => {
    const stored = await tx.record('circulation', circulationId)
    if (stored === undefined || stored.deleted) throw new Refusal('not-found')
    const { unitId } = JSON.parse(stored.fields) as Circulation
    const actor = await actors(tx, personId, now)
    // Who may not know of it learns nothing of it.
    if (!isOffice(actor) && !isOfficerOf(actor, unitId)) throw new Refusal('not-found')
    const asking = await tx.account({ personId })
    return readBundle(tx, stored, { exportedAt: now, exportedBy: { personId, name: asking?.name ?? '' } })
  })
  const sealed = await sealBundle(key, bundle)
  if (!isTaken) return { bundle: sealed, moved: [] }
  const { exportedBy, unit } = bundle
  const head = headOf(bundle.circulation.fields)
  const noted = { kind: 'file', ...head, unitName: unit.name, circulations: 1, exportedBy, now } as const
  return { bundle: sealed, moved: [(await noteExport(store, noted)).scope] }
}

export const sealBundle = async (key: CountersignKey, bundle: Bundle): Promise<SealedBundle> => ({
  ...bundle,
  seal: { keyId: key.keyId, signature: await key.sign(sealStatement(bundle)) },
})

/** All that there is about a circulation, in the snapshot of `tx`. Its cost does not grow with what else the branch has. */
export async function readBundle(
  tx: ReadTx,
  stored: StoredRecord,
  exported: Pick<Bundle, 'exportedAt' | 'exportedBy'>,
): Promise<Bundle> {
  const circulation = filed<Circulation>([stored])[0]!
  const { id, fields } = circulation
  const { unitId } = fields
  const unit = await tx.record('unit', unitId)
  const changes = await tx.records({ types: ['recipient-change'], scopes: [unitScope(unitId)] })
  // Of everybody who ever had a file in the branch: a sign-off is found whoever it is of, on the list or not.
  const prefix = `file:${unitId}:`
  const persons = (await tx.scopesWithPrefix(prefix)).map(({ name }) => name.slice(prefix.length))
  const subjects = fields.revisions.flatMap(({ revision }) =>
    persons.map((personId) => signOff.subject!({ circulationId: id, revision, personId } as SignOff)),
  )
  const signOffs = filed<SignOff>(await tx.records({ types: ['sign-off'], subjects }))
  const receipts = await tx.records({ types: ['countersignature'], subjects: signOffs.map((s) => s.id) })
  const settlements = filed<Settlement>(await tx.records({ types: [settlement.type], subjects }))
  const acted = [...new Set(signOffs.map((s) => s.fields.signedBy))]
  return {
    purpose: PURPOSE,
    version: versionFor(signOffs, settlements),
    ...exported,
    unit: { id: unitId, name: unit === undefined ? '' : (JSON.parse(unit.fields) as Unit).name },
    circulation,
    changes: filed<RecipientChange>(changes).filter((x) => x.fields.circulationId === id),
    signOffs,
    countersignatures: filed(receipts),
    ...(settlements.length === 0 ? {} : { settlements }),
    deviceKeys: filed(await tx.records({ types: ['device-key'], persons: acted })),
    endpointKeys: filed(await tx.records({ types: ['endpoint-key'] })),
  }
}

/** The first that is enough. */
function versionFor(signOffs: readonly Filed<SignOff>[], settlements: readonly unknown[]): Bundle['version'] {
  if (signOffs.some(({ fields }) => fields.seenElsewhere !== undefined)) return 3
  return settlements.length === 0 ? 1 : 2
}

const filed = <Fields>(rows: readonly StoredRecord[]): Filed<Fields>[] =>
  rows.map(({ id, author, observedAt, receivedAt, fields }) => ({
    id,
    author,
    observedAt,
    receivedAt,
    fields: JSON.parse(fields) as Fields,
  }))
