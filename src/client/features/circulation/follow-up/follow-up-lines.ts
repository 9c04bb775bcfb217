/**
 * Whom an officer still has to follow up in one circulation: since when each is asked, who was reminded when, who can be
 * reminded now, and who has no phone that we know of. A pure function of what is on this phone.
 */
import { civilDate } from '../../../../shared/civil-time.ts'
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { RecipientLine, Stored } from '../../../../shared/circulation/coverage/coverage.ts'
import { isAsked } from '../../../../shared/circulation/reminding/reminder.ts'
import {
  reminderBar,
  REMINDER_HOURS,
  reminderShownFrom,
} from '../../../../shared/circulation/reminding/reminder-hours.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import { ageInWords, momentInWords } from '../../../ui/words.ts'
import { remindedAt, type StoredReminder } from '../reminder-lines.ts'

export interface FollowUpLine {
  personId: string
  name: string
  /** Since when the person has been asked for the present revision (UTC ms). */
  askedAt: number
  /** Newest first. */
  reminders: StoredReminder[]
  bar: 'too-many' | 'too-soon' | null
  /** A device of this person is registered in the branch. Where nobody's is, nothing can be told, and nothing is. */
  hasPhone: boolean
}

/** What an officer looks at among those who have not signed. */
export const isChosen = (line: FollowUpLine, choice: string | null): boolean =>
  choice === 'not-reminded' ? line.reminders.length === 0 : choice === 'no-phone' ? !line.hasPhone : true

/** @param withPhone persons with a device key in the branch */
export function followUpLines(
  circulation: Stored<Circulation>,
  lines: readonly Pick<RecipientLine, 'personId' | 'name' | 'state'>[],
  reminders: readonly StoredReminder[],
  withPhone: ReadonlySet<string>,
  now: number,
): FollowUpLine[] {
  const { dispatchedAt } = circulation.fields
  const newest = currentRevision(circulation.fields)
  return lines
    .filter((line) => isAsked(line.state))
    .map(({ personId, name, state }) => {
      const own = reminders
        .filter((r) => r.fields.circulationId === circulation.id && r.fields.personId === personId)
        .sort((a, b) => remindedAt(b) - remindedAt(a))
      return {
        personId,
        name,
        askedAt: state === 'outdated' ? Math.max(newest.at, dispatchedAt) : dispatchedAt,
        reminders: own,
        bar: reminderBar(own.map(remindedAt), now),
        hasPhone: withPhone.size === 0 || withPhone.has(personId),
      }
    })
}

/** The age of the oldest; empty when nobody is asked. */
export function oldestInWords(lines: readonly FollowUpLine[], now: number): string {
  if (lines.length === 0) return ''
  const oldest = Math.min(...lines.map((line) => line.askedAt))
  const age = ageInWords(now - oldest)
  return `${lines.length} 人未签，最早的${/^\d/.test(age) ? ' ' : ''}${age}发出`
}

/** What the sender reads in a person's row: 催阅 09:10 陈静（待送达） */
export function remindersInWords(line: FollowUpLine, now: number): string {
  const [last] = line.reminders
  if (last === undefined) return ''
  const times = line.reminders.length > 1 ? `第 ${line.reminders.length} 次` : ''
  const where = last.pending === 1 ? '（待送达）' : ''
  return `催阅${times} ${momentInWords(remindedAt(last), now)} ${last.fields.byName}${where}`
}

/** Whom a press reminds, whom it leaves out and why, and when they will see it. */
export function reminderTerms(lines: readonly FollowUpLine[], now: number) {
  const ready = lines.filter((line) => line.bar === null)
  const left = [
    [lines.filter((line) => line.bar === 'too-soon').length, '人 24 小时内催过'] as const,
    [lines.filter((line) => line.bar === 'too-many').length, '人已催满三次'] as const,
  ]
  const leftOut = left.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`)
  const shownFrom = reminderShownFrom(now)
  const hours = `${REMINDER_HOURS.from}—${REMINDER_HOURS.to}`
  const day = civilDate(shownFrom) === civilDate(now) ? '今天' : '明天'
  return {
    ready,
    leftOut: leftOut.length === 0 ? '' : `${leftOut.join('，')}，这一次不催。`,
    when:
      shownFrom === now
        ? `催阅只在 ${hours} 之间显示；对方手机联网后才看到。`
        : `现在不在 ${hours} 之间，对方${day} ${REMINDER_HOURS.from} 以后、手机联网时才看到。`,
  }
}
