/** 今日: what is to be signed, and for officers who has not signed. */
import { civilInstant, DAY_MS } from '../../../shared/civil-time.ts'
import { coverageBy, type Stored } from '../../../shared/circulation/coverage/coverage-by.ts'
import type { RecipientChange } from '../../../shared/circulation/recipient-change.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import { isOfficerOf, type Actor } from '../../../shared/org/actor.ts'
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

function toSignItem(lines: readonly CirculationLine[], now: number, reminded: string): TodayItem | undefined {
  const [first] = lines
  if (first === undefined) return undefined
  const { documentNo, title, deadline } = first.fields
  const days = daysUntil(deadline, now)
  const name = documentNo === '' ? title : documentNo
  return {
    key: 'to-sign',
    title: `${lines.length} 份文件待签`,
    second: `${reminded}${name}${lines.length > 1 ? ' 等' : ''} · ${deadlineInWords(deadline, now)}`,
    minutes: Math.ceil(lines.reduce((sum, line) => sum + minutesFor(line.revision), 0)),
    dueAt: civilInstant(deadline) + DAY_MS,
    group: days < 0 ? 'overdue' : days === 0 ? 'today' : 'week',
    to: lines.length === 1 ? `/circulation/${first.id}` : '/circulation',
  }
}

interface OpenCount {
  id: string
  name: string
  open: number
  deadline: string
}

function officerItems(counts: readonly OpenCount[], now: number): TodayItem[] {
  if (counts.length > MOST_OFFICER_ITEMS) {
    const soonest = counts.reduce((a, b) => (b.deadline < a.deadline ? b : a))
    return [
      {
        key: 'not-signed',
        title: `${counts.length} 份文件还有人未签`,
        second: `${soonest.name} 等 · ${deadlineInWords(soonest.deadline, now)}`,
        dueAt: civilInstant(soonest.deadline) + DAY_MS,
        group: 'officer',
        to: '/circulation',
      },
    ]
  }
  return counts.map((c) => ({
    key: `not-signed:${c.id}`,
    title: `${c.open} 人还未签`,
    second: `${c.name} · ${deadlineInWords(c.deadline, now)}`,
    dueAt: civilInstant(c.deadline) + DAY_MS,
    group: 'officer' as const,
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
  const counts = circulations
    .filter((c) => isOfficerOf(actor, c.fields.unitId))
    .map((c): OpenCount => {
      const coverage = coverageBy(c, changes, signOffs, null)
      const { documentNo, title, deadline } = c.fields
      return { id: c.id, name: documentNo || title, open: coverage.waiting + coverage.outdated, deadline }
    })
    .filter((c) => c.open > 0)
    .sort((a, b) => (a.deadline < b.deadline ? -1 : 1))
  const mine = toSignItem(toSign, now, await remindedBefore(phone, toSign, now))
  const forOthers = await forOthersOf(phone, changes, now)
  return [...(mine === undefined ? [] : [mine]), ...forOthers, ...officerItems(counts, now)]
}

export const todayItems: TodaySource<Phone> = {
  order: 20,
  tables: ['circulation', 'recipient-change', 'sign-off', 'signed-for', 'reminder', 'shift-roster'],
  load: ({ phone, actor, now }) => circulationItems(phone, actor, now),
}
