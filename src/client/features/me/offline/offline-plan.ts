/** What 离线保存 brings to this phone: files that records here name. Records themselves come by themselves. */
import { civilDate, DAY_MS, isoWeek } from '../../../../shared/civil-time.ts'
import { filesOf } from '../../../../shared/circulation/document/revisions.ts'
import type { Phone } from '../../../storage/phone.ts'
import { meetingFiles } from './meeting-files.ts'

/** Pictures and attachments of lessons: of this week and the three before. */
const WEEKS = 4

export interface PlannedFile {
  sha256: string
  sizeBytes: number
}

export interface PlanPart {
  key: 'lessons' | 'circulations' | 'meetings' | 'books'
  title: string
  files: PlannedFile[]
  /** Of them, how many are here. */
  keptCount: number
  keptBytes: number
}

export interface OfflinePlan {
  parts: PlanPart[]
  sizeBytes: number
  keptBytes: number
  /** What is not here yet, most urgent first. */
  missing: PlannedFile[]
}

const once = (files: readonly PlannedFile[]): PlannedFile[] => [
  ...new Map(files.map((file) => [file.sha256, file])).values(),
]

async function lessonFiles({ db, now }: Pick<Phone, 'db' | 'now'>): Promise<PlannedFile[]> {
  const at = now()
  const weeks = Array.from({ length: WEEKS }, (_, back) => isoWeek(civilDate(at - back * 7 * DAY_MS)))
  const lessons = await db.records('lesson').where('fields.week').anyOf(weeks).toArray()
  return lessons
    .filter(({ fields }) => fields.publishAt <= at && !fields.withdrawn)
    .flatMap(({ fields }) => fields.attachments)
}

async function circulationFiles({ db }: Pick<Phone, 'db'>): Promise<PlannedFile[]> {
  const circulations = await db.records('circulation').toArray()
  return circulations
    .filter(({ fields }) => fields.state === 'open')
    .flatMap(({ fields }) => {
      const newest = fields.revisions.at(-1)
      return newest === undefined ? [] : filesOf(newest).map(({ file }) => file)
    })
}

async function bookFiles({ db }: Pick<Phone, 'db'>): Promise<PlannedFile[]> {
  const books = await db.records('book').toArray()
  const shown = new Set(books.filter(({ fields }) => !fields.withdrawn).map(({ id }) => id))
  const chapters = await db.records('book-chapter').toArray()
  return chapters.filter(({ fields }) => shown.has(fields.bookId)).map(({ fields }) => fields)
}

/** Runs inside a live query. */
export async function readPlan(phone: Pick<Phone, 'db' | 'now' | 'person'>): Promise<OfflinePlan> {
  const [circulations, meetings, lessons, books] = await Promise.all([
    circulationFiles(phone),
    meetingFiles(phone),
    lessonFiles(phone),
    bookFiles(phone),
  ])
  const wanted = once([...circulations, ...meetings, ...lessons, ...books])
  const here = new Set(
    await phone.db.blobs
      .where('sha256')
      .anyOf(wanted.map((file) => file.sha256))
      .primaryKeys(),
  )
  const sumOf = (files: readonly PlannedFile[]) => files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const partOf = (key: PlanPart['key'], title: string, all: readonly PlannedFile[]): PlanPart => {
    const files = once(all).map(({ sha256, sizeBytes }) => ({ sha256, sizeBytes }))
    const kept = files.filter((file) => here.has(file.sha256))
    return { key, title, files, keptCount: kept.length, keptBytes: sumOf(kept) }
  }
  return {
    parts: [
      partOf('circulations', '传阅文件的正文和附件', circulations),
      partOf('meetings', '会议的材料和纪要附件', meetings),
      partOf('lessons', '课的图片和附件', lessons),
      partOf('books', '口袋书的正文', books),
    ].filter((part) => part.files.length > 0),
    sizeBytes: sumOf(wanted),
    keptBytes: sumOf(wanted.filter((file) => here.has(file.sha256))),
    missing: wanted.filter((file) => !here.has(file.sha256)),
  }
}
