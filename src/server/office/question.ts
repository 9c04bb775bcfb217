/** A question of the office: reads in one snapshot, and refuses who may not ask. */
import { isAdministrator, isOffice, type Actor } from '../../shared/org/actor.ts'
import type { JsonObject } from '../../shared/sync/json.ts'
import { Refusal } from '../problem.ts'
import type { ReadTx } from '../store/record-store.ts'

export interface QuestionContext {
  tx: ReadTx
  actor: Actor
  now: number
  parameters: Record<string, string>
}
export type Question = (context: QuestionContext) => Promise<JsonObject>

export function mustBeOffice(actor: Actor): void {
  if (!isOffice(actor)) throw new Refusal('forbidden')
}
export function mustBeAdministrator(actor: Actor): void {
  if (!isAdministrator(actor)) throw new Refusal('forbidden')
}
export function mustBeOfficeOrAdministrator(actor: Actor): void {
  if (!isOffice(actor) && !isAdministrator(actor)) throw new Refusal('forbidden')
}

interface Row {
  id: string
  fields: string
  observedAt: number
  receivedAt: number
}
export interface Parsed<Fields> {
  id: string
  fields: Fields
  observedAt: number
  receivedAt: number
}
export const parsed = <Fields>(rows: readonly Row[]): Parsed<Fields>[] =>
  rows.map((r) => ({
    id: r.id,
    fields: JSON.parse(r.fields) as Fields,
    observedAt: r.observedAt,
    receivedAt: r.receivedAt,
  }))
