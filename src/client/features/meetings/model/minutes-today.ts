/** Minutes on 今日: to confirm, sent back, to write. Loaded only where there may be some; the pages ask the rule itself. */
import type { Actor } from '../../../../shared/org/actor.ts'
import { mayConfirm } from '../../../../shared/meetings/minutes/who-confirms.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { TodayItem } from '../../../ui/today.ts'
import { lastStart } from './meeting-words.ts'
import type { MeetingRow } from './read-meetings.ts'

/** The recorder is asked an hour after the last sitting began. */
const AFTER_MS = 3_600_000

export async function readMinutesToday(
  db: PhoneDb,
  actor: Actor,
  meetings: readonly MeetingRow[],
  fixed: ReadonlyMap<string, unknown>,
): Promise<TodayItem[]> {
  const me = actor.personId
  const ids = meetings.map(({ id }) => id)
  const of = <T extends 'minutes-draft' | 'minutes-proposal' | 'minutes-return' | 'minutes-correction'>(
    type: T,
  ) => db.records(type).where('fields.meetingId').anyOf(ids).toArray()
  const [drafts, proposals, returns, corrections] = await Promise.all([
    of('minutes-draft'),
    of('minutes-proposal'),
    of('minutes-return'),
    of('minutes-correction'),
  ])
  const over = new Set([
    ...[...returns, ...corrections].map(({ fields }) => fields.proposalId),
    ...proposals.flatMap(({ fields }) => fields.supersedes ?? []),
  ])
  return meetings.flatMap(({ id, fields }): TodayItem[] => {
    const isFixed = fixed.has(id)
    const base = { minutes: 5, to: `/meetings/${id}/minutes`, group: 'week' as const }
    const found: TodayItem[] = proposals.flatMap(({ id: proposalId, fields: p }) => {
      const isOpen = p.meetingId === id && !over.has(proposalId) && isFixed === (p.about === 'correction')
      // By the meeting as it stands: the chair may have been changed since it was handed over.
      if (!isOpen || !mayConfirm(actor, fields, p.writerId)) return []
      return {
        ...base,
        key: `confirm:${proposalId}`,
        title: `确认${isFixed ? '更正' : '纪要'} · ${fields.title}`,
        second: `${p.writerName}写好了，看过后定稿或退回`,
        group: 'officer',
        to: `/meetings/${id}/proposals/${proposalId}`,
      }
    })
    const own = drafts.find(({ fields: d }) => d.meetingId === id && d.writerId === me)?.fields
    const handed = own?.proposalId
    const back = returns.find((r) => handed != null && r.fields.proposalId === handed)?.fields.sentence
    const isMine = fields.recorderId === me && actor.now > lastStart(fields) + AFTER_MS && handed == null
    if (!isFixed && fields.state !== 'cancelled' && (isMine || back !== undefined))
      found.push({
        ...base,
        key: `${back === undefined ? 'write' : 'back'}:${id}`,
        title: `${back === undefined ? '写纪要' : '纪要退回'} · ${fields.title}`,
        second: back ?? '时间、到会、议程已经有了',
      })
    return found
  })
}
