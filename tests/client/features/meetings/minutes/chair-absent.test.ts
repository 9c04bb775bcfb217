// @vitest-environment happy-dom
/** Guarantee: minutes never hang on a chair who cannot confirm them; whom the meeting names now is asked, and nobody else. */
import 'fake-indexeddb/auto'
import { expect, it } from 'vitest'
import ProposalPage from '../../../../../src/client/features/meetings/minutes/ProposalPage.vue'
import { eventually } from '../../../../support/eventually.ts'
import { arrive, BRANCH, meetingFields, NOW, type TestPhone } from '../fixtures.ts'
import { MT, open, phoneOf, today } from './minutes-world.ts'

it('a chair who was not there is told to be changed, and then the new one is asked, on 今日 and on the page, and no longer the old one', async () => {
  const proposal = { unitId: BRANCH, meetingId: 'mt', title: '大会', about: 'minutes', keeperId: 'p0' }
  const written = { writerId: 'p2', writerName: '王芳', body: '议定两项。', why: '', proposedAt: NOW }
  const phones = await Promise.all(['p0', 'p1', 'p2'].map((personId) => phoneOf(personId)))
  const [chair, other, writer] = phones as [TestPhone, TestPhone, TestPhone]
  for (const { db } of phones)
    await arrive(db, 'minutes-proposal', 'pr', { ...proposal, ...written, supersedes: [] })
  expect([await today(chair), await today(other)]).toEqual([
    expect.arrayContaining(['confirm:pr']),
    expect.not.arrayContaining(['confirm:pr']),
  ])
  const page = open(ProposalPage, other, { id: 'mt', proposalId: 'pr' })
  await eventually(() => expect(page.text()).toContain('由主持人王某0确认。主持人没有到会'))
  expect(page.find('a[href="/meetings/mt/edit"]').exists()).toBe(true)
  expect(page.text()).not.toContain('确认定稿')
  const changed = meetingFields({ ...MT, chairId: 'p1' })
  for (const { db } of phones) await arrive(db, 'meeting', 'mt', changed)
  await eventually(() => expect(page.text()).toContain('确认定稿'))
  expect([await today(chair), await today(other), await today(writer)]).toEqual([
    expect.not.arrayContaining(['confirm:pr']),
    expect.arrayContaining(['confirm:pr']),
    expect.not.arrayContaining(['confirm:pr']),
  ])
  page.unmount()
})
