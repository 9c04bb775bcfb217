/** Whoever has to choose between two versions sees both, in words: what stands now beside each line, and what was written before. */
import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { readCompared } from '../../../../src/client/features/me/delivery/compared.ts'
import { fieldLines } from '../../../../src/client/features/me/delivery/field-lines.ts'
import type { AttentionItem } from '../../../../src/client/storage/rows.ts'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import { setupPhone } from '../lessons/fake-phone.ts'

const sitting = (id: string, name: string, time: string, place: string) => ({
  id,
  name,
  startsAt: civilInstant('2026-11-24', time),
  place,
})
const fields = (over: object = {}) => ({
  unitId: 'u',
  kindId: 'k',
  title: '第四季度大会',
  date: '2026-11-24',
  sittings: [sitting('a', '早班场', '07:30', '三楼')],
  agenda: '一、学习',
  chairId: 'p1',
  recorderId: null,
  guests: [],
  attachments: [],
  state: 'planned',
  ...over,
})
const refused = (own: object, over: object = {}) =>
  ({
    type: 'meeting',
    id: 'm',
    op: 'put',
    conflict: 'content',
    code: 'stale-base',
    fields: fields(own),
    ...over,
  }) as unknown as AttentionItem
const person = { unitId: 'u', personId: 'p1', name: '陈静', from: '2020-01-01', to: null, memberKind: 'full' }
async function phoneWith(standing?: object) {
  const { db, give } = setupPhone()
  await give('membership', 'ms', person as never)
  if (standing !== undefined) await give('meeting', 'm', fields(standing) as never)
  return db
}
const differing = async (item: AttentionItem, standing?: object) =>
  (await readCompared(await phoneWith(standing), item)).lines.flatMap(({ name, text, now }) =>
    now === undefined ? [] : [[name, text, now]],
  )

it('a meeting is told line by line, and what stands now wherever it reads otherwise', async () => {
  const own = { sittings: [sitting('a', '早班场', '08:15', '三楼')], agenda: '一、学习\n二、表决' }
  const now = { state: 'cancelled', chairId: null }
  const db = await phoneWith(now)
  const { lines } = await readCompared(db, refused(own))
  expect(lines).toEqual([
    { name: '会议名称', text: '第四季度大会' },
    { name: '日期', text: '11 月 24 日 周二' },
    {
      name: '第 1 场',
      text: '早班场，11 月 24 日 周二 08:15，三楼',
      now: '早班场，11 月 24 日 周二 07:30，三楼',
    },
    { name: '议程', text: '一、学习\n二、表决', now: '一、学习' },
    { name: '主持人', text: '陈静', now: '' },
    { name: '状态', text: '照常开', now: '已取消' },
  ])
})

it('a sitting that somebody has added since stands there too, as what the own version would take away', async () => {
  const now = { sittings: [sitting('a', '早班场', '07:30', '三楼'), sitting('b', '夜班场', '22:00', '')] }
  expect(await differing(refused({}), now)).toEqual([['第 2 场', '', '夜班场，11 月 24 日 周二 22:00']])
})

it('what was written before the last word is told where it said otherwise, the newest first', async () => {
  const earlier = [
    { savedAt: 1, fields: fields({ agenda: '最先的' }) },
    { savedAt: 2, fields: fields({ agenda: '最后的', title: '中间的' }) },
    { savedAt: 3, fields: fields({ agenda: '最后的' }) },
  ]
  const item = refused({ agenda: '最后的' }, { earlier })
  expect((await readCompared(await phoneWith({}), item)).earlier).toEqual([
    { savedAt: 3, lines: [] },
    { savedAt: 2, lines: [{ name: '会议名称', text: '中间的' }] },
    { savedAt: 1, lines: [{ name: '议程', text: '最先的' }] },
  ])
})

it('nothing is compared where nobody was first, and what cannot be read as a meeting is shown all the same', async () => {
  expect(await differing(refused({ agenda: '别的' }, { code: 'forbidden' }), {})).toEqual([])
  const torn = refused({}, { fields: { title: '残缺的', sittings: 'x' } })
  expect((await readCompared(await phoneWith({}), torn)).lines[0]).toMatchObject({
    name: '标题',
    text: '残缺的',
  })
})

it('a code of a record that has no words is not shown in English', () => {
  expect(fieldLines({ title: '会', state: 'planned' })).toEqual([{ name: '标题', text: '会' }])
})
