// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import MembersPage from '../../../../src/client/features/meetings/members/MembersPage.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { fillBranch, setupPhone } from './fixtures.ts'

it('an initial leads the keyboard to its first person', async () => {
  HTMLElement.prototype.scrollIntoView = () => undefined
  const phone = setupPhone('p0')
  await fillBranch(phone)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MembersPage, {
    attachTo: document.body,
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.findAll('[data-initial]').length).toBeGreaterThan(1))
  const initial = page.findAll('[data-initial]').at(-1)!
  await initial.trigger('click')
  expect(document.activeElement?.getAttribute('data-initial-row')).toBe(initial.text())
  page.unmount()
})
