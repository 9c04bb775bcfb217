/** The form of a meeting, and the record that it becomes. */
import { civilDate, civilInstant } from '../../../../shared/civil-time.ts'
import type { FileRef } from '../../../../shared/fields.ts'
import type { Meeting } from '../../../../shared/meetings/meeting.ts'
import { clockTime } from '../../../ui/words.ts'

export interface SittingDraft {
  id: string
  name: string
  /** 'YYYY-MM-DDTHH:MM', civil time. */
  at: string
  place: string
}

export interface MeetingDraft {
  /** The record's id, fixed when the form was opened: saving twice is one meeting. */
  id: string
  unitId: string
  kindId: string
  title: string
  /** The person has written a title of their own: it is no longer filled in. */
  titleIsOwn: boolean
  sittings: SittingDraft[]
  chairId: string
  recorderId: string
  agenda: string
  guests: string
  /** Undefined in a draft that an older app kept. */
  materials?: FileRef[]
}

export const SITTING_NAMES = ['早班场', '晚班场'] as const
/** The name of the one sitting of a meeting that is not held by shifts; never shown. */
export const ONLY_SITTING = '全体'

/** '2026-11-23T14:00' for the next whole hour. */
export function nextWholeHour(now: number): string {
  const at = Math.ceil(now / 3_600_000) * 3_600_000
  return `${civilDate(at)}T${clockTime(at)}`
}

/** 11 月支部党员大会; with another year than this one, 2027 年 1 月支部党员大会. */
export function titleFor(kindName: string, at: string, now: number): string {
  const [year, month] = at.split('-')
  if (kindName === '' || year === undefined || month === undefined) return ''
  const yearWord = civilDate(now).startsWith(year) ? '' : `${year} 年 `
  return `${yearWord}${Number(month)} 月${kindName}`
}

export function addSitting(sittings: readonly SittingDraft[], id: string): SittingDraft[] {
  const first = sittings[0]
  const named = sittings.map((s) => (s.name === ONLY_SITTING ? { ...s, name: SITTING_NAMES[0] } : s))
  const name = SITTING_NAMES.find((n) => !named.some((s) => s.name === n)) ?? `第 ${named.length + 1} 场`
  return [...named, { id, name, at: first?.at ?? '', place: first?.place ?? '' }]
}

export function removeSitting(sittings: readonly SittingDraft[], id: string): SittingDraft[] {
  return sittings.filter((s) => s.id !== id)
}

const AT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/

export interface DraftProblems {
  unitId?: string
  kindId?: string
  title?: string
  guests?: string
  /** By the sitting's id. */
  sittings: Record<string, { name?: string; at?: string }>
  any: boolean
}

export function problemsOf(draft: MeetingDraft): DraftProblems {
  const problems: DraftProblems = { sittings: {}, any: false }
  if (draft.unitId === '') problems.unitId = '请选择单位'
  if (draft.kindId === '') problems.kindId = '请选择会议类型'
  if (draft.title.trim() === '') problems.title = '请写会议名称'
  if (draft.title.trim().length > 200) problems.title = '名称请写在 200 字以内'
  if (guestsOf(draft.guests).some((guest) => guest.name.length > 200))
    problems.guests = '姓名之间请用顿号隔开'
  const names = draft.sittings.map((s) => s.name.trim())
  for (const [at, sitting] of draft.sittings.entries()) {
    const own: { name?: string; at?: string } = {}
    if (names[at] === '') own.name = '请写场次名称'
    else if (names.indexOf(names[at] ?? '') !== at) own.name = '场次名称重复'
    if (!AT.test(sitting.at)) own.at = '请选择日期和时间'
    if (own.name !== undefined || own.at !== undefined) problems.sittings[sitting.id] = own
  }
  const { unitId, kindId, title, guests } = problems
  problems.any = [unitId, kindId, title, guests].some(Boolean) || Object.keys(problems.sittings).length > 0
  return problems
}

/** A space is part of a name: 党建科 沈若谷. */
export function guestsOf(text: string): { name: string; personId: null }[] {
  const names = text.split(/[、，,;；\n]+/u).map((name) => name.trim().replaceAll(/\s+/gu, ' '))
  return [...new Set(names.filter((name) => name !== ''))].map((name) => ({ name, personId: null }))
}

const guestsText = (guests: readonly { name: string }[]): string => guests.map(({ name }) => name).join('、')

const instantOf = (at: string): number => civilInstant(at.slice(0, 10), at.slice(11, 16))

/** Sittings whose time is written. */
export const timesOf = (draft: Pick<MeetingDraft, 'sittings'>) =>
  draft.sittings
    .filter(({ at }) => AT.test(at))
    .map(({ id, name, at }) => ({ id, name, startsAt: instantOf(at) }))

/** @param standing the meeting that is changed: what the form does not show stays as it is */
export function draftToMeeting(draft: MeetingDraft, standing?: Meeting): Meeting {
  const before = new Map((standing?.sittings ?? []).map((sitting) => [sitting.id, sitting]))
  const sittings = draft.sittings
    .map((s) => ({
      // What a newer version of the app has put there stays.
      ...before.get(s.id),
      id: s.id,
      name: s.name.trim(),
      startsAt: instantOf(s.at),
      place: s.place.trim(),
    }))
    .sort((a, b) => a.startsAt - b.startsAt)
  const guestsBefore = standing?.guests ?? []
  const known = new Map(guestsBefore.map((guest) => [guest.name, guest]))
  return {
    state: 'planned',
    ...standing,
    attachments: draft.materials ?? standing?.attachments ?? [],
    unitId: draft.unitId,
    kindId: draft.kindId,
    title: draft.title.trim(),
    date: civilDate(sittings[0]?.startsAt ?? 0),
    sittings,
    agenda: draft.agenda,
    chairId: draft.chairId === '' ? null : draft.chairId,
    recorderId: draft.recorderId === '' ? null : draft.recorderId,
    // Not touched, they stay as they are, whatever stands in a name.
    guests:
      draft.guests === guestsText(guestsBefore)
        ? guestsBefore
        : guestsOf(draft.guests).map((guest) => known.get(guest.name) ?? guest),
  }
}

export function meetingToDraft(id: string, meeting: Meeting): MeetingDraft {
  return {
    id,
    unitId: meeting.unitId,
    kindId: meeting.kindId,
    title: meeting.title,
    titleIsOwn: true,
    sittings: meeting.sittings.map((s) => ({
      id: s.id,
      name: s.name,
      at: `${civilDate(s.startsAt)}T${clockTime(s.startsAt)}`,
      place: s.place ?? '',
    })),
    chairId: meeting.chairId ?? '',
    recorderId: meeting.recorderId ?? '',
    agenda: meeting.agenda ?? '',
    guests: guestsText(meeting.guests ?? []),
    materials: meeting.attachments ?? [],
  }
}
