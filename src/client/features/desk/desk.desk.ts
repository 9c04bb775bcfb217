/** For the desk: opinions of the last week, and who has not activated the account. */
import { DAY_MS } from '../../../shared/civil-time.ts'
import { ask } from '../../remote/questions.ts'
import type { DeskContext, DeskMatter, DeskSource } from '../../ui/desk-matters.ts'
import { momentInWords } from '../../ui/moments.ts'
import { askOpinions, writerOf } from './opinions/opinions.ts'
import { PeopleAnswer } from './people/people.ts'

/** Nobody records that an opinion was read: after a week it no longer stands here. */
const NEW_MS = 7 * DAY_MS

async function opinions({ now, signal }: DeskContext): Promise<DeskMatter[]> {
  const fresh = (await askOpinions(signal)).opinions.filter(({ at }) => now - at < NEW_MS)
  const [newest] = fresh
  if (newest === undefined) return []
  const second = `近 7 天 · 最近一条 ${writerOf(newest)} · ${momentInWords(newest.at, now)}`
  return [{ key: 'new', count: fresh.length, unit: '条', title: '意见建议', second, to: '/desk/opinions' }]
}

async function people({ signal }: DeskContext): Promise<DeskMatter[]> {
  const answer = await ask('people', { schema: PeopleAnswer, signal })
  const present = answer.people.filter(({ closed }) => !closed)
  const waiting = present.filter(({ activated }) => !activated).length
  const [count, title, second] =
    waiting === 0
      ? [present.length, '在用账号', '都已激活']
      : [waiting, '还没有激活账号', `共 ${present.length} 人`]
  return [{ key: 'people', count, unit: waiting === 0 ? '个' : '人', title, second, to: '/desk/people' }]
}

export const deskSources: readonly DeskSource[] = [
  { order: 50, for: 'office', name: '意见建议', isAsked: true, load: opinions },
  { order: 60, for: 'administrator', name: '人员与激活码', isAsked: true, load: people },
]
