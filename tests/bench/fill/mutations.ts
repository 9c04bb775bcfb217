/** Mutations as a phone sends them: receipts in the person's own file, reflections shared in a unit. */
import { formatHlc } from '../../../src/shared/sync/hlc.ts'
import { fileScope } from '../../../src/shared/sync/scopes.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { hashMutation, type Mutation } from '../../../src/shared/sync/protocol/push.ts'
import { benchId, reflectionOf } from './records.ts'

interface Writer {
  personId: string
  deviceId: string
}

function mutationOf(
  n: number,
  type: string,
  id: string,
  scope: string,
  fields: JsonObject,
  { deviceId }: Writer,
  now: number,
): Mutation {
  const payload = {
    type,
    id,
    scope,
    op: 'put' as const,
    schemaVersion: 1,
    fields,
    baseRev: 0,
    hlc: formatHlc(now, n % 1000, deviceId),
    observedAt: now,
  }
  return { n, ...payload, hash: hashMutation(payload) }
}

/** 已学 for one lesson: the commonest fact there is. */
export function receiptMutation(
  n: number,
  number: number,
  unitId: string,
  writer: Writer,
  now: number,
): Mutation {
  const { personId } = writer
  const fields = {
    personId,
    unitId,
    lessonId: benchId('le', 0),
    week: '2026-W47',
    lessonTitle: '示例一课',
    lessonRevision: 1,
    learned: true,
    supersedes: [],
  }
  return mutationOf(
    n,
    'lesson-receipt',
    benchId('rc', number),
    fileScope(unitId, personId),
    fields,
    writer,
    now,
  )
}

export function reflectionMutation(
  n: number,
  number: number,
  unitId: string,
  writer: Writer,
  now: number,
): Mutation {
  const { id, fields } = reflectionOf(number, unitId, writer.personId)
  return mutationOf(n, 'shared-reflection', id, `unit:${unitId}`, fields, writer, now)
}
