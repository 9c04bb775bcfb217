/** For the desk: whether this week has its lesson, and what is written and not published. */
import { civilDate, isoWeek } from '../../../shared/civil-time.ts'
import type { Phone } from '../../storage/phone.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import { momentInWords } from '../../ui/moments.ts'
import { readDrafts } from './desk/draft-store.ts'
import { visibleLessons, weekNumberInWords } from './list/lesson-list.ts'

function ofWeek(published: number, later: readonly number[], week: string): DeskMatter {
  const scheduled = later.length === 0 ? '' : `另有 ${later.length} 篇定时发布`
  const none = later.length === 0 ? '没有发布，也没有定时的' : scheduled
  return {
    key: 'week',
    count: published,
    unit: '篇',
    title: published === 0 ? '课在本周发布' : '课已在本周发布',
    second: [weekNumberInWords(week), published === 0 ? none : scheduled].filter(Boolean).join(' · '),
    to: '/desk/lessons',
    isUrgent: published === 0 && later.length === 0,
  }
}

async function load({ phone, now }: DeskContext<Phone>): Promise<DeskMatter[]> {
  const week = isoWeek(civilDate(now))
  const rows = await phone.db.records('lesson').where('fields.week').equals(week).toArray()
  const lessons = visibleLessons(rows, Number.MAX_SAFE_INTEGER, [])
    .map(({ lesson }) => lesson.fields)
    .filter(({ withdrawn }) => !withdrawn)
  const later = lessons.map(({ publishAt }) => publishAt).filter((at) => at > now)
  const drafts = await readDrafts(phone.db)
  const [newest] = drafts
  const ofDrafts: DeskMatter[] =
    newest === undefined
      ? []
      : [
          {
            key: 'drafts',
            count: drafts.length,
            unit: '份',
            title: '课的草稿在本机',
            second: `${newest.title.trim() || '还没有标题'} · ${momentInWords(newest.savedAt, now)} 存`,
            to: '/desk/lessons',
          },
        ]
  return [ofWeek(lessons.length - later.length, later, week), ...ofDrafts]
}

export const deskSources: readonly DeskSource<Phone>[] = [
  { order: 10, for: 'office', name: '每周一课', load },
]
