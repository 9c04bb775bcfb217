/** One meeting with a chair (p0) and a recorder (p2), as the pages of its minutes find it on a phone. */
import { mount } from '@vue/test-utils'
import { h, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { todayItems } from '../../../../../src/client/features/meetings/meetings.today.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import {
  actorOf,
  arrive,
  BRANCH,
  fillBranch,
  meetingFields,
  NOW,
  setupPhone,
  type TestPhone,
} from '../fixtures.ts'

export const MT = { chairId: 'p0', recorderId: 'p2', agenda: '一、报告工作\n二、讨论转正' }
export async function phoneOf(personId: string, over: object = {}, members = 8): Promise<TestPhone> {
  const phone = { ...setupPhone(personId), deviceKeys: { keyId: async () => null } } as unknown as TestPhone
  await fillBranch(phone, members)
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ ...MT, ...over }))
  return phone
}
export const markOf = (personId: string, state: string, over: object = {}) => ({
  unitId: BRANCH,
  meetingId: 'mt',
  sittingId: 'st1',
  personId,
  name: personId,
  state,
  leaveKind: state === 'leave' ? 'duty' : null,
  method: 'tap',
  markedBy: 'p0',
  reason: '',
  supersedes: [],
  ...over,
})
export function open(page: Component, phone: TestPhone, props: object = { id: 'mt' }) {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  return mount(page, { props, global: { plugins: [router], provide: { [phoneKey as symbol]: phone } } })
}
export const carry = async (from: TestPhone, to: TestPhone, ...types: string[]) => {
  for (const type of types)
    for (const row of await from.db.rows(type).toArray())
      await to.db.rows(type).put({ ...row, pending: 0, rev: 1, receivedAt: NOW })
}
export const today = async (phone: TestPhone, now = NOW) =>
  (await todayItems.load({ phone, actor: await actorOf(phone), now })).map(({ key }) => key)
