// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { eventually } from '../../../support/eventually.ts'
import MeetingPage from '../../../../src/client/features/meetings/detail/MeetingPage.vue'
import MinutesPage from '../../../../src/client/features/meetings/minutes/MinutesPage.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { arrive, fillBranch, meetingFields, setupPhone } from './fixtures.ts'

it('a guest is named in one piece, with the mark that follows', async () => {
  const phone = setupPhone('p0')
  await fillBranch(phone, 3)
  const guests = ['林科长', '买买提·买买提依明'].map((name) => ({ name, personId: null }))
  await arrive(phone.db, 'meeting', 'mt', meetingFields({ guests }))
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MeetingPage, {
    props: { id: 'mt' },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.findAll('.guest')).toHaveLength(2))
  expect(page.findAll('.guest').map((guest) => guest.text())).toEqual(['林科长、', '买买提·买买提依明'])
  page.unmount()
})

it('who can’t write the minutes is led to the meeting', async () => {
  const phone = setupPhone('p2')
  await fillBranch(phone, 6)
  await arrive(phone.db, 'meeting', 'mt', meetingFields())
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { render: () => h('p') } }],
  })
  const page = mount(MinutesPage, {
    props: { id: 'mt' },
    global: { plugins: [router], provide: { [phoneKey as symbol]: phone } },
  })
  await eventually(() => expect(page.text()).toContain('这里不能写纪要'))
  expect(page.get('a').attributes('href')).toBe('/meetings/mt')
  page.unmount()
})
