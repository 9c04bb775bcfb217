/** What 今日 shows, read once from a phone: by the page's live query, and by the opening of the app before the page is there. */
import type { InjectionKey, Ref } from 'vue'
import { ACTOR_TABLES, readActor } from '../../storage/actor.ts'
import type { PhoneDb } from '../../storage/db.ts'
import { readMeta } from '../../storage/meta.ts'
import type { Phone } from '../../storage/phone.ts'
import type { TodayContext, TodayPhone, TodaySource } from '../../ui/today.ts'
import { arrangeToday, type ArrangedToday, type SourcedItem } from './arrange.ts'

export interface ReadToday extends ArrangedToday {
  /** Things that were done on this day, as far as the sources tell. */
  done?: number
  /** A part of it could not be read. */
  hasFailed: boolean
  /** There is nothing, and not all has come yet: of the moment of the rows, so that "nothing waits" is never said too early. */
  isComing: boolean
}

/** Of one moment; gone once the first screen has been drawn, so that no later visit shows it. */
export interface FoundToday {
  today?: ReadToday | undefined
  now?: number
  /** Nobody sees the page: it is drawn once, of this, and follows nothing. */
  picture?: { today: Ref<ReadToday>; now: Ref<number> }
}

export const foundTodayKey: InjectionKey<FoundToday> = Symbol('found-today')

export type ReadingPhone = Pick<Phone, 'db' | 'person' | 'now'>

export const todayTables = (sources: readonly TodaySource[]) => [
  ...new Set([...ACTOR_TABLES, 'meta', ...sources.flatMap((source) => source.tables)]),
]

const itemsOf = async (source: TodaySource, context: TodayContext): Promise<SourcedItem[]> =>
  (await source.load(context)).map((item) => ({ item, order: source.order }))

async function loadAlone(source: TodaySource, context: TodayContext): Promise<SourcedItem[] | undefined> {
  try {
    return await itemsOf(source, context)
  } catch {
    return undefined
  }
}

const wholeOf = async ({ item, order }: SourcedItem): Promise<SourcedItem> => ({
  item: { ...item, ...(await item.more?.().catch(() => undefined)) },
  order,
})

export interface SourcesRead extends Pick<ReadToday, 'isComing'> {
  done: number
  /** Of each source in its turn; undefined for one that failed. */
  items: readonly (SourcedItem[] | undefined)[]
}

async function isComing(db: PhoneDb): Promise<boolean> {
  const [cursor, preparing] = await Promise.all([readMeta(db, 'cursor'), readMeta(db, 'preparing')])
  return !cursor || !!preparing?.length
}

async function readSources(
  phone: ReadingPhone,
  sources: readonly TodaySource[],
  now: number,
  load: (source: TodaySource, context: TodayContext) => Promise<SourcedItem[] | undefined>,
): Promise<SourcesRead> {
  const actor = await readActor(phone.db, phone.person.id, now)
  let done = 0
  const context: TodayContext = {
    phone: phone as unknown as TodayPhone,
    actor,
    now,
    done: (count) => (done += count),
  }
  const items = await Promise.all(sources.map((source) => load(source, context)))
  // Asked where it matters alone: the cursor moves with each page, and 今日 follows what it reads.
  return { items, done, isComing: items.every((of) => of?.length === 0) && (await isComing(phone.db)) }
}

/** All or nothing. To be called in a transaction. */
export const readWhole = (phone: ReadingPhone, sources: readonly TodaySource[], now: number) =>
  readSources(phone, sources, now, itemsOf)

/** One source that fails takes nothing from the others. */
export const readEachAlone = (phone: ReadingPhone, sources: readonly TodaySource[], now: number) =>
  readSources(phone, sources, now, loadAlone)

export async function completeToday(read: SourcesRead): Promise<ReadToday> {
  const items = read.items.flatMap((of) => of ?? [])
  return {
    ...arrangeToday(await Promise.all(items.map(wholeOf))),
    hasFailed: read.items.includes(undefined),
    isComing: read.isComing,
    done: read.done,
  }
}
