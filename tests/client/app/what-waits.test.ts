// @vitest-environment happy-dom
/** What counts as waiting: what a person did. Where one reads goes with it, and is no item. */
import { expect, it } from 'vitest'
import { readDelivery } from '../../../src/client/sync/delivery-state.ts'
import { ME, setupPhone } from '../features/lessons/fake-phone.ts'

it('counts a highlight and not the reading place, which goes all the same', async () => {
  const { db, store } = setupPhone()
  const place = { personId: ME.id, bookId: 'l1', chapterId: 'l1', paragraph: 3 }
  await store.edit('reading-position', 'r1', { paragraph: 3 }, { create: place })
  expect((await readDelivery(db)).summary).toMatchObject({ waiting: 0, oldestWaitingAt: null })
  await store.edit(
    'highlight',
    'h1',
    { quote: '示例' },
    { create: { ...place, quote: '示例', start: 0, end: 2 } },
  )
  const { summary, entries } = await readDelivery(db)
  expect(summary.waiting).toBe(1)
  expect(entries.map(({ type }) => type)).toEqual(['highlight'])
  expect(await db.outbox.count()).toBe(2)
})
