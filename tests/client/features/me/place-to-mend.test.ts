import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import { placeToMend } from '../../../../src/client/features/me/delivery/place-to-mend.ts'
import type { AttentionItem } from '../../../../src/client/storage/rows.ts'
import { lessonFields, setupPhone } from '../lessons/fake-phone.ts'

const refused = (type: string, fields: Record<string, unknown>, id = 'x'): AttentionItem =>
  ({ type, id, fields }) as unknown as AttentionItem

it('leads from what was refused to the page where it is mended', async () => {
  const { db, give } = setupPhone()
  await give('lesson', 'l1', lessonFields())
  expect(await placeToMend(db, refused('reflection', { lessonId: 'l1', text: '…' }))).toEqual({
    to: '/lessons/l1/reflection',
    word: '回到心得',
  })
  const scored = { month: '2026-11', side: 'party', unitId: 'u', personId: 'p' }
  expect((await placeToMend(db, refused('score-sheet', scored)))?.to).toBe('/scoring/2026-11/party/u/p')
  expect((await placeToMend(db, refused('opinion', {})))?.to).toBe('/me/opinions')
})

it('reads from the phone what a draft did not send', async () => {
  const { db, give } = setupPhone()
  const fields = { personId: 'p1', month: '2026-11', side: 'work', setId: 's', answers: {} }
  await give('self-assessment', 'a1', fields as never)
  expect((await placeToMend(db, refused('self-assessment', { 'answers/i1/score': 3 }, 'a1')))?.to).toBe(
    '/assessment/2026-11/work',
  )
})

it('leads nowhere when the page would be empty, or there is none', async () => {
  const { db } = setupPhone()
  expect(await placeToMend(db, refused('sign-off', { circulationId: 'gone' }))).toBeNull()
  expect(await placeToMend(db, refused('highlight', { bookId: null, chapterId: null }))).toBeNull()
  expect(await placeToMend(db, refused('device-key', {}))).toBeNull()
  expect(await placeToMend(db, refused('self-assessment', { 'answers/i1/score': 3 }))).toBeNull()
})
