/** 今日: what is to be signed, and for officers who has not signed. */
import { civilDate } from '../../../shared/civil-time.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import type { Actor } from '../../../shared/org/actor.ts'
import type { Phone } from '../../storage/phone.ts'
import type * as RemindedToday from './follow-up/reminded-today.ts'
import type * as OfOthers from './of-others-today.ts'
import type { TodayItem, TodaySource } from '../../ui/today.ts'
import {
  byDue,
  daysUntil,
  dueFirst,
  lineFor,
  minutesFor,
  type CirculationLine,
  type OpenRows,
} from './circulation-lines.ts'

async function readRows(phone: Phone, now: number): Promise<OpenRows> {
  const [circulations, changes, signOffs] = await Promise.all([
    phone.db.records('circulation').where('fields.state').equals('open').toArray(),
    phone.db.records('recipient-change').toArray(),
    phone.db.records('sign-off').toArray(),
  ])
  return {
    circulations: circulations.filter((c) => circulationStatus(c.fields, now) === 'open'),
    changes,
    signOffs,
  }
}

function toSignItem(lines: readonly CirculationLine[], now: number, reminded: string): TodayItem | undefined {
  const [first] = lines
  if (first === undefined) return undefined
  const days = daysUntil(first.fields.deadline, now)
  const words = dueFirst(first, lines.length, now)
  const minutesOf = (some: readonly CirculationLine[]) =>
    Math.ceil(some.reduce((sum, line) => sum + minutesFor(line.revision), 0))
  const ofToday = lines.filter((line) => daysUntil(line.fields.deadline, now) <= 0)
  return {
    ...words,
    key: 'to-sign',
    title: `${lines.length} 份文件待签`,
    second: reminded + words.second,
    minutes: minutesOf(lines),
    due: { count: ofToday.length, minutes: minutesOf(ofToday) },
    group: days < 0 ? 'overdue' : days === 0 ? 'today' : 'week',
    to: lines.length === 1 ? `/circulation/${first.id}` : '/circulation',
  }
}

let ofOthersHere: typeof OfOthers | undefined
let remindedHere: typeof RemindedToday | undefined

/** Few people are reminded. As below: once it is here nothing is waited for. */
async function remindedBefore(phone: Phone, toSign: readonly CirculationLine[], now: number) {
  const mine = phone.db.records('reminder').where('fields.personId').equals(phone.person.id)
  const reminders = toSign.length === 0 ? [] : await mine.toArray()
  if (reminders.length === 0) return ''
  remindedHere ??= await Promise.resolve(import('./follow-up/reminded-today.ts'))
  return await remindedHere.remindedBefore(phone, toSign, reminders, now)
}

/** Few people are officers or substitutes. Once it is here nothing is waited for: a transaction would end meanwhile. */
async function ofOthers(phone: Phone, rows: OpenRows, actor: Actor, now: number) {
  const isSubstitute = rows.changes.some(({ fields }) => fields.substituteId === phone.person.id)
  if (!isSubstitute && actor.roles.length === 0) return []
  ofOthersHere ??= await Promise.resolve(import('./of-others-today.ts'))
  return ofOthersHere.ofOthersItems(phone, rows, actor, now)
}

/** @param done told how often the person signed on this civil day */
export async function circulationItems(
  phone: Phone,
  actor: Actor,
  now: number,
  done?: (count: number) => void,
): Promise<TodayItem[]> {
  const rows = await readRows(phone, now)
  const { circulations, changes, signOffs } = rows
  const lines = circulations.map((c) => lineFor(c, changes, signOffs, phone.person.id, now))
  const today = civilDate(now)
  const isOfToday = ({ fields, observedAt }: (typeof signOffs)[number]) =>
    fields.personId === phone.person.id && civilDate(observedAt) === today
  done?.(signOffs.filter(isOfToday).length)
  const toSign = lines.filter((line) => line.state === 'waiting' || line.state === 'outdated').sort(byDue)
  const mine = toSignItem(toSign, now, await remindedBefore(phone, toSign, now))
  return [...(mine === undefined ? [] : [mine]), ...(await ofOthers(phone, rows, actor, now))]
}

export const todayItems: TodaySource<Phone> = {
  order: 20,
  tables: ['circulation', 'recipient-change', 'sign-off', 'signed-for', 'reminder', 'shift-roster'],
  load: ({ phone, actor, now, done }) => circulationItems(phone, actor, now, done),
}
