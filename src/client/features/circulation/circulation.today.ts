/** 今日: what is to be signed, and for officers who has not signed. */
import { civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import type { Stored } from '../../../shared/circulation/coverage/coverage-by.ts'
import type { RecipientChange } from '../../../shared/circulation/recipient-change.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import type { Actor } from '../../../shared/org/actor.ts'
import type { Phone } from '../../storage/phone.ts'
import type * as RemindedToday from './follow-up/reminded-today.ts'
import type * as ForOthers from './sign/for-others-today.ts'
import type { TodayItem, TodaySource } from '../../ui/today.ts'
import {
  byDue,
  daysUntil,
  deadlineInWords,
  lineFor,
  minutesFor,
  type CirculationLine,
} from './circulation-lines.ts'
import { openCounts, type OpenCount } from './open-counts.ts'

/** More than these are told in one line: 今日 is for five minutes. */
const MOST_OFFICER_ITEMS = 2

async function readRows(phone: Phone, now: number) {
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

const nameOf = ({ fields }: Pick<OpenCount, 'fields'>): string => fields.documentNo || fields.title
/** What both kinds of item say of the one that is due first, where it stands for `count`. */
const dueFirst = (first: Pick<OpenCount, 'fields'>, count: number, now: number) => ({
  second: `${count > 1 ? '最早的 ' : ''}${nameOf(first)} · ${deadlineInWords(first.fields.deadline, now)}`,
  dueAt: civilInstant(first.fields.deadline) + DAY_MS,
})

function toSignItem(lines: readonly CirculationLine[], now: number, reminded: string): TodayItem | undefined {
  const [first] = lines
  if (first === undefined) return undefined
  const days = daysUntil(first.fields.deadline, now)
  const due = dueFirst(first, lines.length, now)
  return {
    ...due,
    key: 'to-sign',
    title: `${lines.length} 份文件待签`,
    second: reminded + due.second,
    minutes: Math.ceil(lines.reduce((sum, line) => sum + minutesFor(line.revision), 0)),
    group: days < 0 ? 'overdue' : days === 0 ? 'today' : 'week',
    to: lines.length === 1 ? `/circulation/${first.id}` : '/circulation',
  }
}

function officerItems(counts: readonly OpenCount[], now: number): TodayItem[] {
  const group = 'officer'
  if (counts.length > MOST_OFFICER_ITEMS)
    return [
      {
        ...dueFirst(counts[0]!, counts.length, now),
        key: 'not-signed',
        title: `${counts.length} 份文件还有人未签`,
        group,
        to: '/circulation',
      },
    ]
  return counts.map((c) => ({
    ...dueFirst(c, 1, now),
    key: `not-signed:${c.id}`,
    title: `${c.open} 人还未签`,
    group,
    to: `/circulation/${c.id}/progress`,
  }))
}

let forOthersHere: typeof ForOthers | undefined
let remindedHere: typeof RemindedToday | undefined

/** Few people are reminded. As below: once it is here nothing is waited for. */
async function remindedBefore(phone: Phone, toSign: readonly CirculationLine[], now: number) {
  const mine = phone.db.records('reminder').where('fields.personId').equals(phone.person.id)
  const reminders = toSign.length === 0 ? [] : await mine.toArray()
  if (reminders.length === 0) return ''
  remindedHere ??= await Promise.resolve(import('./follow-up/reminded-today.ts'))
  return await remindedHere.remindedBefore(phone, toSign, reminders, now)
}

async function forOthersOf(phone: Phone, changes: readonly Stored<RecipientChange>[], now: number) {
  if (!changes.some(({ fields }) => fields.substituteId === phone.person.id)) return []
  // Few people are substitutes. Once it is here nothing is waited for: a transaction would end meanwhile.
  forOthersHere ??= await Promise.resolve(import('./sign/for-others-today.ts'))
  return forOthersHere.forOthersItems(phone, now)
}

export async function circulationItems(phone: Phone, actor: Actor, now: number): Promise<TodayItem[]> {
  const { circulations, changes, signOffs } = await readRows(phone, now)
  const toSign = circulations
    .map((c) => lineFor(c, changes, signOffs, phone.person.id, now))
    .filter((line) => line.state === 'waiting' || line.state === 'outdated')
    .sort(byDue)
  const counts = openCounts(circulations, changes, signOffs, actor)
  const mine = toSignItem(toSign, now, await remindedBefore(phone, toSign, now))
  const forOthers = await forOthersOf(phone, changes, now)
  return [...(mine === undefined ? [] : [mine]), ...forOthers, ...officerItems(counts, now)]
}

export const todayItems: TodaySource<Phone> = {
  order: 20,
  tables: ['circulation', 'recipient-change', 'sign-off', 'signed-for', 'reminder', 'shift-roster'],
  load: ({ phone, actor, now }) => circulationItems(phone, actor, now),
}
