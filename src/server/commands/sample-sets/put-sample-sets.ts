/**
 * Two sets of indicators for a new bureau, so that 自评 can be tried on the first day. They are the project's own, marked 示例,
 * and of version 0: the bureau's first own set takes their place.
 */
import { idFrom } from '../../../shared/sync/canonical.ts'
import type { JsonObject } from '../../../shared/sync/json.ts'
import type { WriteTx } from '../../store/record-store.ts'
import { putRecord } from '../put-record.ts'
import { PARTY_INDICATORS } from './indicators-party.ts'
import { WORK_INDICATORS } from './indicators-work.ts'

const SETS = [
  { side: 'party', name: '党建指标二十一项（示例）', indicators: PARTY_INDICATORS },
  { side: 'work', name: '业务指标三十五项（示例）', indicators: WORK_INDICATORS },
] as const

export async function putSampleSets(tx: WriteTx, author: string, now: number): Promise<void> {
  for (const set of SETS) {
    const fields = { ...set, version: 0, sample: true, validFrom: '2026-01-01', validTo: null }
    const id = idFrom('indicator-set', 'sample', set.side)
    await putRecord(tx, { type: 'indicator-set', id, fields: fields as unknown as JsonObject, author, now })
  }
}
