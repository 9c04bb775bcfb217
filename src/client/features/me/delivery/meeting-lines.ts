/** A meeting that was refused, line by line in the words of its form: what an officer needs to tell two versions of it apart. */
import { meeting } from '../../../../shared/meetings/meeting.ts'
import { parseFields } from '../../../../shared/sync/define-record.ts'
import type { JsonObject } from '../../../../shared/sync/json.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import { clockTime, dayInWords } from '../../../ui/words.ts'
import { fieldLines, type FieldLine } from './field-lines.ts'

const STATES = { planned: '照常开', held: '已开过', cancelled: '已取消' }

async function nameOf(db: PhoneDb, personId: string | null): Promise<string> {
  if (personId === null) return ''
  const known = await db.records('membership').where('fields.personId').equals(personId).first()
  return known?.fields.name ?? '本机没有这个人的姓名'
}

/** What another version of the app wrote, and cannot be read as a meeting, is shown as any record is. */
export async function meetingLines(db: PhoneDb, fields: JsonObject): Promise<FieldLine[]> {
  const parsed = parseFields(meeting, fields)
  if (!parsed.ok) return fieldLines(fields)
  const f = parsed.fields
  const kind = await db.records('meeting-kind').get(f.kindId)
  const sittings = f.sittings.map(({ name, startsAt, place }, at) => ({
    name: `第 ${at + 1} 场`,
    text: [name, `${dayInWords(startsAt)} ${clockTime(startsAt)}`, place].filter(Boolean).join('，'),
  }))
  return [
    { name: '会议类型', text: kind?.fields.name ?? '' },
    { name: '会议名称', text: f.title },
    { name: '日期', text: dayInWords(f.date) },
    ...sittings,
    { name: '议程', text: f.agenda },
    { name: '主持人', text: await nameOf(db, f.chairId) },
    { name: '记录人', text: await nameOf(db, f.recorderId) },
    { name: '列席', text: f.guests.map(({ name }) => name).join('、') },
    { name: '材料', text: f.attachments.map(({ name }) => name).join('、') },
    { name: '状态', text: STATES[f.state] },
  ].filter(({ text }) => text !== '')
}
