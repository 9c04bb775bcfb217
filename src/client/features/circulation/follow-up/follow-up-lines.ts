/**
 * Whom an officer still has to follow up in one circulation: since when each is asked, who was reminded when, who can be
 * reminded now, who is away, who has no phone that we know of, and who signs instead. A pure function of what is on this phone.
 */
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { RecipientLine, Stored } from '../../../../shared/circulation/coverage/coverage.ts'
import { isAsked } from '../../../../shared/circulation/reminding/reminder.ts'
import { reminderBar, type ReminderBar } from '../../../../shared/circulation/reminding/reminder-hours.ts'
import { currentRevision } from '../../../../shared/circulation/document/revisions.ts'
import type { Substitution } from '../../../../shared/circulation/signing/substitution.ts'
import { remindedAt, type StoredReminder } from '../reminder-lines.ts'
import { awayOf, type Away } from './away.ts'
import { NO_PLANS, type ReminderPlans } from './reminder-plans.ts'

export interface FollowUpLine {
  personId: string
  name: string
  /** Since when the person has been asked for the present revision (UTC ms). */
  askedAt: number
  /** What came to the person, or to their substitute for them. Newest first. */
  reminders: StoredReminder[]
  /** Who is reminded in the person's place; empty: the person. */
  substitutes: { personId: string; name: string }[]
  /** Whom a reminder would go to now; none where there is a bar. */
  readyIds: string[]
  bar: ReminderBar | null
  /** A device of this person is registered in the branch. Where nobody's is, nothing can be told, and nothing is. */
  hasPhone: boolean
  away: Away | null
}

/** What is known beside the circulation. */
export interface FollowUpGround {
  reminders: readonly StoredReminder[]
  /** Persons with a device key in the branch. */
  withPhone: ReadonlySet<string>
  /** Of this circulation, in force. */
  substitutions?: readonly Substitution[]
  plans?: ReminderPlans
}

/** 不便签阅: on leave, or no phone yet, and nobody signs instead. */
export const canHardlySign = ({ substitutes, away, hasPhone }: FollowUpLine): boolean =>
  substitutes.length === 0 && (away?.kind === 'leave' || !hasPhone)

/** What an officer looks at among those who have not signed. */
export const isChosen = (line: FollowUpLine, choice: string | null): boolean =>
  choice === 'not-reminded' ? line.reminders.length === 0 : choice === 'hardly' ? canHardlySign(line) : true

export function followUpLines(
  circulation: Stored<Circulation>,
  lines: readonly Pick<RecipientLine, 'personId' | 'name' | 'state'>[],
  ground: FollowUpGround,
  now: number,
): FollowUpLine[] {
  const { withPhone, substitutions = [], plans = NO_PLANS } = ground
  const { dispatchedAt, deadline } = circulation.fields
  const newest = currentRevision(circulation.fields)
  const ofThis = ground.reminders
    .filter((r) => r.fields.circulationId === circulation.id)
    .sort((a, b) => remindedAt(b) - remindedAt(a))
  const barOf = (personId: string): ReminderBar | null => {
    const times = ofThis.filter((r) => r.fields.personId === personId).map(remindedAt)
    return reminderBar(times, { ...plans, personId }, now)
  }
  return lines
    .filter((line) => isAsked(line.state))
    .map(({ personId, name, state }) => {
      const substitutes = substitutions
        .filter((s) => s.personId === personId)
        .map((s) => ({ personId: s.substituteId, name: s.substituteName }))
      const receivers = substitutes.length > 0 ? substitutes.map((s) => s.personId) : [personId]
      const bars = receivers.map(barOf)
      const isFree = bars.includes(null)
      return {
        personId,
        name,
        askedAt: state === 'outdated' ? Math.max(newest.at, dispatchedAt) : dispatchedAt,
        reminders: ofThis.filter(
          ({ fields: f }) => f.personId === personId || (f.forPersonIds ?? []).includes(personId),
        ),
        substitutes,
        readyIds: receivers.filter((_, at) => bars[at] === null),
        bar: isFree ? null : (bars[0] ?? null),
        hasPhone: withPhone.size === 0 || withPhone.has(personId),
        away: awayOf(plans.rosters, personId, deadline, now),
      }
    })
}
