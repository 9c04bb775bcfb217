/** Where one can put right what was refused: the page on which it was written, as long as its subject is on this phone. */
import type { AttentionItem } from '../../../storage/rows.ts'
import type { PhoneDb } from '../../../storage/db.ts'
import type { RecordType } from '../../../../shared/sync/registry.ts'

export interface PlaceToMend {
  to: string
  /** On the button. */
  word: string
}

type Fields = Record<string, unknown>
interface Way {
  /** The record without which the page would be empty. */
  subject?: [RecordType, string]
  word: string
  to: (fields: Fields, id: string) => string
}

const toLesson: Way = {
  subject: ['lesson', 'lessonId'],
  word: '回到这一课',
  to: (f) => `/lessons/${f.lessonId}`,
}
const toBook: Way = {
  subject: ['book-chapter', 'chapterId'],
  word: '回到书里',
  to: (f) => `/books/${f.bookId}/${f.chapterId}`,
}
const toMeeting: Way = {
  subject: ['meeting', 'meetingId'],
  word: '回到会议',
  to: (f) => `/meetings/${f.meetingId}`,
}
const toProgress: Way = {
  subject: ['circulation', 'circulationId'],
  word: '回到签阅情况',
  to: (f) => `/circulation/${f.circulationId}/progress`,
}
const toSelf: Way = { word: '回到自评', to: (f) => `/assessment/${f.month}/${f.side}` }

const WAYS: Partial<Record<RecordType, Way>> = {
  'lesson-receipt': toLesson,
  'shared-reflection': toLesson,
  reflection: { ...toLesson, word: '回到心得', to: (f) => `/lessons/${f.lessonId}/reflection` },
  'reading-position': toBook,
  highlight: toBook,
  note: toBook,
  'sign-off': {
    subject: ['circulation', 'circulationId'],
    word: '回到这份文件',
    to: (f) => `/circulation/${f.circulationId}`,
  },
  'signed-for': {
    subject: ['circulation', 'circulationId'],
    word: '回到这份文件',
    to: (f) => `/circulation/${f.circulationId}`,
  },
  'sign-off-settlement': toProgress,
  'recipient-change': toProgress,
  reminder: toProgress,
  'roll-mark': {
    ...toMeeting,
    word: '回到考勤',
    to: (f) => `/meetings/${f.meetingId}/roll/${f.sittingId}`,
  },
  'make-up': toMeeting,
  'roll-claim': toMeeting,
  minutes: { ...toMeeting, word: '回到会议纪要', to: (f) => `/meetings/${f.meetingId}/minutes` },
  'shift-roster': { word: '回到排班', to: (f) => `/shifts/${f.unitId}/${f.month}` },
  'year-plan': { word: '回到年度计划', to: (f) => `/meetings/year/${f.unitId}/${f.year}` },
  meeting: { word: '回到会议', to: (_f, id) => `/meetings/${id}` },
  'self-assessment': toSelf,
  submission: toSelf,
  'score-sheet': {
    word: '回到评分',
    to: (f) => `/scoring/${f.month}/${f.side}/${f.unitId}/${f.personId}`,
  },
  appeal: {
    subject: ['month-result', 'resultId'],
    word: '回到结果与申诉',
    to: (f) => `/assessment/${f.month}/result`,
  },
  opinion: { word: '回到意见建议', to: () => '/me/opinions' },
  lesson: { word: '回到课程', to: (f) => `/desk/lessons/${f.issueId}` },
  document: { word: '回到文件登记', to: (_f, id) => `/desk/documents/${id}` },
}

/** A draft sends only what changed; the rest of the record is on the phone. */
async function fieldsOf(db: PhoneDb, { type, id, fields }: AttentionItem): Promise<Fields> {
  const row = await db.rows(type as RecordType).get(id)
  return { ...(row?.fields as Fields | undefined), ...(fields as Fields) }
}

/** null: there is no such page, or its subject has left this phone. */
export async function placeToMend(db: PhoneDb, item: AttentionItem): Promise<PlaceToMend | null> {
  const way = WAYS[item.type as RecordType]
  if (way === undefined) return null
  const fields = await fieldsOf(db, item)
  if (way.subject !== undefined) {
    const [type, key] = way.subject
    const subjectId = fields[key]
    if (typeof subjectId !== 'string' || (await db.rows(type).get(subjectId)) === undefined) return null
  }
  const to = way.to(fields, item.id)
  return /undefined|null/.test(to) ? null : { to, word: way.word }
}
