// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import MembersPage from '../../../../src/client/features/meetings/members/MembersPage.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { arrive, BRANCH, fillBranch, setupPhone } from './fixtures.ts'

const open = (phone: ReturnType<typeof setupPhone>) => {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  return mount(MembersPage, {
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
}

it('an initial leads the keyboard to its first person', async () => {
  HTMLElement.prototype.scrollIntoView = () => undefined
  const phone = setupPhone('p0')
  await fillBranch(phone)
  const page = open(phone)
  await eventually(() => expect(page.findAll('[data-initial]').length).toBeGreaterThan(1))
  const initial = page.findAll('[data-initial]').at(-1)!
  await initial.trigger('click')
  expect(document.activeElement?.getAttribute('data-initial-row')).toBe(initial.text())
  page.unmount()
})

it('the word for a membership follows the name, and titles keep their dots', async () => {
  const phone = setupPhone('p0')
  await fillBranch(phone, 3)
  const group = { kind: 'group', name: '第一党小组', parentId: BRANCH, order: 0 }
  await arrive(phone.db, 'unit', 'g1', group)
  const membership = (await phone.db.records('membership').get('m2'))!.fields
  await arrive(phone.db, 'membership', 'm2-g1', { ...membership, unitId: 'g1', primary: false })
  const leads = { personId: 'p2', unitId: 'g1', name: '', role: 'group-leader', title: '党小组组长' }
  await arrive(phone.db, 'role', 'r2', { ...leads, from: '2020-01-01', to: null, revokedForCause: false })
  const page = open(phone)
  const rowOf = () => page.findAll('.row').find((row) => row.text().includes('党小组组长'))!
  await eventually(() => expect(rowOf()).toBeDefined())
  expect(rowOf().get('.name').text()).toMatch(/某2 预备党员$/)
  expect(
    rowOf()
      .findAll('.part')
      .map((part) => part.text()),
  ).toEqual(['党小组组长', '· 第一党小组'])
  page.unmount()
})
