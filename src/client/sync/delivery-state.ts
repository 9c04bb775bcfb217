/**
 * What a screen may say about delivery: 已存本机, 待送达, 已送达, 需处理. Everything is read from the database and from the
 * engine's phase; nothing is called delivered that the endpoint has not accepted.
 */
import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue'
import type { PhoneDb } from '../storage/db.ts'
import { follow } from '../storage/upkeep/follow.ts'
import { readMeta, type RewrittenHistory } from '../storage/meta.ts'
import type { AttentionItem, OutboxEntry } from '../storage/rows.ts'
import type { Held } from './machine/machine.ts'

export type DeliveryPhase = 'idle' | 'syncing' | 'offline' | 'sign-in' | 'update'

export interface DeliverySummary {
  phase: DeliveryPhase
  /** Writes that the endpoint has not accepted yet. */
  waiting: number
  oldestWaitingAt: number | null
  /** Refused writes that a person has to settle. */
  attention: number
  lastContactAt: number | null
  /** Some scope has come in part only. */
  preparing: boolean
  /** It goes slowly although the endpoint answers, and why. */
  held?: Held | null
  /** The endpoint's history is not the one that this phone has seen. */
  rewritten?: RewrittenHistory | null
}

export interface WaitingItem {
  seq: number
  type: string
  /** The record. */
  id: string
  label: string
  /** When it was written, by this phone. */
  at: number
  /** It waits for a file or for another record. */
  held: boolean
}

export interface Delivery {
  summary: Readonly<ShallowRef<DeliverySummary>>
  waiting: Readonly<ShallowRef<readonly WaitingItem[]>>
  attentionItems: Readonly<ShallowRef<readonly AttentionItem[]>>
  /** One round, now. Resolves when it has ended, however it ended. */
  syncNow(): Promise<void>
  stateOf(record: { pending: 0 | 1 }): 'on-device' | 'delivered'
  retry(attentionId: number): Promise<void>
  discard(attentionId: number): Promise<void>
  exportText(attentionId: number): Promise<string>
  /** The person has told the administrator: the notice leaves the screen, not the phone. */
  dismissRewritten?(): Promise<void>
  /** Stops following the database. */
  close(): void
}

export const deliveryKey: InjectionKey<Delivery> = Symbol('delivery')

/** @throws outside of a component under a signed-in person. */
export function useDelivery(): Delivery {
  const delivery = inject(deliveryKey)
  if (delivery === undefined) throw new Error('no delivery state is provided here')
  return delivery
}

export interface DeliveryParts {
  db: PhoneDb
  personId: string
  now: () => number
  syncNow: () => Promise<void>
  wake: () => void
  /** What was read when the phone opened. */
  found?: DeliveryRead
  /** The database is followed from then on; at once without it. */
  followFrom?: Promise<void> | undefined
}

const EMPTY: DeliverySummary = {
  phase: 'idle',
  waiting: 0,
  oldestWaitingAt: null,
  attention: 0,
  lastContactAt: null,
  preparing: false,
  held: null,
  rewritten: null,
}

const toWaitingItem = (entry: OutboxEntry): WaitingItem => ({
  seq: entry.seq,
  type: entry.type,
  id: entry.id,
  label: entry.label,
  at: entry.savedAt,
  held: entry.heldFor !== undefined,
})

/** Where one reads is kept without a person doing anything: it goes with the rest, and is no item that anybody waits for. */
const BY_ITSELF = 'reading-position'
export const DELIVERY_TABLES = ['outbox', 'attention', 'meta']
export type DeliveryRead = Awaited<ReturnType<typeof readDelivery>>

export async function readDelivery(db: PhoneDb) {
  const [written, attention, lastContactAt, preparing, reload, rewritten] = await db.transaction(
    'r',
    DELIVERY_TABLES,
    async () =>
      await Promise.all([
        db.outbox.toArray(),
        db.attention.toArray(),
        readMeta(db, 'lastContactAt'),
        readMeta(db, 'preparing'),
        readMeta(db, 'reload'),
        readMeta(db, 'rewritten'),
      ]),
  )
  const entries = written.filter(({ type }) => type !== BY_ITSELF)
  // In order already, but for a clock that was set back.
  const [oldest = null] = entries.map(({ savedAt }) => savedAt).sort((a, b) => a - b)
  return {
    entries,
    attention,
    summary: {
      waiting: entries.length,
      oldestWaitingAt: oldest,
      attention: attention.length,
      lastContactAt: lastContactAt ?? null,
      preparing: (preparing?.length ?? 0) > 0 || reload !== undefined,
      rewritten: rewritten === undefined || rewritten.dismissed ? null : rewritten,
    },
  }
}

export interface DeliveryWithPhase extends Delivery {
  /** The engine tells its phase here. */
  setPhase(phase: DeliveryPhase): void
  setHeld(held: Held | null): void
}

export function createDelivery(parts: DeliveryParts): DeliveryWithPhase {
  const { db } = parts
  const acts = async () => (await import('./delivery-acts.ts')).deliveryActs(parts)
  const summary = shallowRef<DeliverySummary>(EMPTY)
  const waiting = shallowRef<readonly WaitingItem[]>([])
  const attentionItems = shallowRef<readonly AttentionItem[]>([])
  const show = (read: DeliveryRead): void => {
    // The engine's phase and what holds it stay.
    summary.value = { ...summary.value, ...read.summary }
    waiting.value = read.entries.map(toWaitingItem)
    attentionItems.value = read.attention
  }
  if (parts.found !== undefined) show(parts.found)
  let stop = (): void => undefined
  let isClosed = false
  const begin = (): void => {
    // After an error the last figures stay; the next write or round asks the database again.
    if (!isClosed) stop = follow(() => readDelivery(db), show)
  }
  if (parts.followFrom === undefined) begin()
  else void parts.followFrom.then(begin)
  return {
    summary,
    waiting,
    attentionItems,
    syncNow: parts.syncNow,
    stateOf: (record) => (record.pending === 1 ? 'on-device' : 'delivered'),
    retry: async (id) => (await acts()).retry(id),
    discard: async (id) => (await acts()).discard(id),
    exportText: async (id) => (await acts()).exportText(id),
    dismissRewritten: async () => (await acts()).dismissRewritten(),
    close() {
      isClosed = true
      stop()
    },
    setPhase(phase) {
      if (summary.value.phase !== phase) summary.value = { ...summary.value, phase }
    },
    setHeld(held) {
      summary.value = { ...summary.value, held }
    },
  }
}
