/** 今日, of other people's signatures: what a substitute is to sign, and for officers which documents still lack some. Loaded only for them. */
import type { Actor } from '../../../shared/org/actor.ts'
import type { Phone } from '../../storage/phone.ts'
import type { TodayItem } from '../../ui/today.ts'
import { dueFirst, type OpenRows } from './circulation-lines.ts'
import { openCounts } from './open-counts.ts'
import { forOthersItems } from './sign/for-others-today.ts'

/** More than these are told in one line: 今日 is for five minutes. */
const MOST = 2

export const ofOthersItems = async (
  phone: Phone,
  rows: OpenRows,
  actor: Actor,
  now: number,
): Promise<TodayItem[]> => [...(await forOthersItems(phone, now)), ...notSignedItems(rows, actor, now)]

function notSignedItems(
  { circulations, changes, signOffs }: OpenRows,
  actor: Actor,
  now: number,
): TodayItem[] {
  const counts = openCounts(circulations, changes, signOffs, actor)
  const group = 'officer'
  if (counts.length > MOST)
    return [
      {
        ...dueFirst(counts[0]!, counts.length, now),
        key: 'not-signed',
        title: `${counts.length} 份文件还有人未签`,
        group,
        to: '/circulation',
      },
    ]
  return counts.map((c) => ({
    ...dueFirst(c, 1, now),
    key: `not-signed:${c.id}`,
    title: `${c.open} 人还未签`,
    group,
    to: `/circulation/${c.id}/progress`,
  }))
}
