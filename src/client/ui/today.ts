/**
 * What a slice gives to 今日. Each slice exports `todayItems` from `<slice>.today.ts`; main gathers them like routes, and the
 * page of 今日 reads them inside one live query: a source reads tables of the phone and waits for nothing else.
 *
 * `ui` knows `shared` only, so the phone stands here by its shape. A source that hands the phone to functions of its own
 * slice writes `TodaySource<Phone>`.
 */
import type { Table } from 'dexie'
import type { Component, InjectionKey } from 'vue'
import type { Actor } from '../../shared/org/actor.ts'
import type { FieldsByType, RecordType } from '../../shared/sync/registry.ts'
import type { Tone } from './words.ts'

export interface TodayRow<Fields> {
  id: string
  scope: string
  fields: Fields
  author: string
  observedAt: number
  receivedAt: number | null
  pending: 0 | 1
}

export interface TodayPhone {
  db: { records<T extends RecordType>(type: T): Table<TodayRow<FieldsByType[T]>, string> }
  person: { id: string; name: string; staffNo: string }
  now(): number
}

export interface TodayContext<Phone = TodayPhone> {
  phone: Phone
  actor: Actor
  /** UTC ms, by the phone's clock. */
  now: number
  /** Told by a source: so many things the person has done on this civil day. */
  done?: (count: number) => void
}

/**
 * Its heading must be true of it, so each source says it by the civil day: `overdue` once the last day has passed, `now` while
 * it is going on, `today` on its day, `week` for all that comes after, `officer` for work of an office, whenever it is due.
 */
export type TodayGroup = 'overdue' | 'now' | 'today' | 'week' | 'officer'

export interface TodayItem {
  /** Unique within its source. */
  key: string
  title: string
  /** What one would ask next: how much is left, until when, how long it takes. */
  second: string
  minutes?: number
  /** What of it the sum of the day counts, where that is not one thing with its minutes. */
  due?: { count: number; minutes?: number }
  /** UTC ms; the sooner, the higher. */
  dueAt?: number | null
  group: TodayGroup
  /** Where the row leads. */
  to: string
  tag?: { text: string; tone: Tone }
  /**
   * What it says once a part of the app is there that the first screen does not bring. Asked when everything has been read; where
   * it cannot be had, the item stays as it is.
   */
  more?: () => Promise<Pick<TodayItem, 'second' | 'minutes'>>
  /** The one piece that is shown large, with its beginning: this week's lesson. */
  lead?: { column: string; body: string }
}

export interface TodaySource<Phone = TodayPhone> {
  /** Between sources, where nothing else decides: the smaller comes first. */
  order: number
  /**
   * All tables that `load` reads. All sources are read together in one transaction and wait for nothing but the database: what
   * needs a part of the app is the item's `more`.
   */
  tables: readonly RecordType[]
  /** Runs inside a live query: reads `phone.db` only. Nothing to do = an empty list. */
  load(context: TodayContext<Phone>): Promise<TodayItem[]>
}

/** What the app itself has to say once, below the rest: drawn by `app`, which a slice may not import. */
export const todayCardsKey: InjectionKey<Component> = Symbol('today-cards')

/** The gathered sources, in their order. */
export const todaySourcesKey: InjectionKey<readonly TodaySource[]> = Symbol('today-sources')
