/**
 * The rows of a filled sheet become marks of the roll, 纸质补录 each, and those who came unexpected become 列席. Promises: all of it is
 * one transaction, kept or not as a whole; what was confirmed is judged once more against what stands on the disk then; one undo
 * takes all of it back, but never what somebody has said since.
 */
import type { Meeting } from '../../../../../shared/meetings/meeting.ts'
import { rollLines } from '../../../../../shared/meetings/roll.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { UNDO_REASON } from '../../roll/roll-acts.ts'
import { judgeRows, replacedBy } from './against-roll.ts'
import type { ExtraRow, FilledRow } from './read-filled.ts'

type TakingPhone = Pick<Phone, 'db' | 'store' | 'person'>

export interface Taking {
  meetingId: string
  sittingId: string
  /** Of the sheet, 'YYYY-MM-DD'. */
  paperDate: string
  rows: readonly FilledRow[]
  guests: readonly Pick<ExtraRow, 'name' | 'personId'>[]
}

interface TakenMark {
  id: string
  personId: string
  name: string
  /** Heads beside it when it was made. */
  beside: string[]
}

export interface Taken {
  meetingId: string
  sittingId: string
  marks: TakenMark[]
  guests: NonNullable<Meeting['guests']>
}

const marksOf = ({ db }: TakingPhone, meetingId: string) =>
  db.records('roll-mark').where('fields.meetingId').equals(meetingId).toArray()

/** @throws StorageTrouble, InvalidFields: then nothing was written */
export function takeFilled(phone: TakingPhone, taking: Taking): Promise<Taken> {
  const { meetingId, sittingId, paperDate } = taking
  return phone.store.together(['roll-mark', 'meeting'], async () => {
    const meeting = await phone.db.records('meeting').get(meetingId)
    if (meeting === undefined) return { meetingId, sittingId, marks: [], guests: [] }
    const { fields } = meeting
    const marks: TakenMark[] = []
    for (const row of judgeRows(taking.rows, await marksOf(phone, meetingId), sittingId, paperDate)) {
      if (row.standing !== 'new' && row.standing !== 'beside') continue
      const { personId, name, line, mark, reason } = row
      const supersedes = replacedBy(row)
      const id = await phone.store.put('roll-mark', {
        unitId: fields.unitId,
        meetingId,
        sittingId,
        personId,
        name,
        ...mark,
        method: 'paper',
        paperDate,
        markedBy: phone.person.id,
        reason,
        supersedes,
      })
      const beside = line.heads.flatMap((head) => (supersedes.includes(head.id) ? [] : [head.id]))
      marks.push({ id, personId, name, beside })
    }
    const here = new Set((fields.guests ?? []).map(({ name }) => name))
    const guests = taking.guests
      .filter(({ name }) => !here.has(name))
      .map(({ name, personId }) => ({ name, personId }))
    if (guests.length > 0)
      await phone.store.put(
        'meeting',
        { ...fields, guests: [...(fields.guests ?? []), ...guests] },
        { id: meetingId },
      )
    return { meetingId, sittingId, marks, guests }
  })
}

/** @returns how many were taken back, and how many stay because somebody has said something since */
export function undoTaken(phone: TakingPhone, taken: Taken): Promise<{ count: number; kept: number }> {
  const { meetingId, sittingId } = taken
  return phone.store.together(['roll-mark', 'meeting'], async () => {
    const stored = await marksOf(phone, meetingId)
    const roster = taken.marks.map(({ personId, name }) => ({
      personId,
      name,
      memberKind: 'full' as const,
      votingRight: false,
      handOrder: 0,
    }))
    const lines = rollLines(roster, stored, sittingId)
    let count = 0
    for (const [at, { id, personId, name, beside }] of taken.marks.entries()) {
      const heads = lines[at]?.heads ?? []
      const own = heads.find((head) => head.id === id)
      const others = heads.filter((head) => head.id !== id)
      if (own === undefined || others.some((head) => !beside.includes(head.id))) continue
      // It says again what stood beside it, or that nothing was said.
      const [stands] = others
      await phone.store.put('roll-mark', {
        unitId: own.fields.unitId,
        meetingId,
        sittingId,
        personId,
        name,
        state: stands?.fields.state ?? 'cleared',
        leaveKind: stands?.fields.leaveKind ?? null,
        method: 'tap',
        markedBy: phone.person.id,
        reason: UNDO_REASON,
        supersedes: [id],
      })
      count++
    }
    const meeting = await phone.db.records('meeting').get(meetingId)
    if (meeting !== undefined && taken.guests.length > 0) {
      const added = new Set(taken.guests.map(({ name }) => name))
      const guests = (meeting.fields.guests ?? []).filter(({ name }) => !added.has(name))
      await phone.store.put('meeting', { ...meeting.fields, guests }, { id: meetingId })
    }
    return { count, kept: taken.marks.length - count }
  })
}
