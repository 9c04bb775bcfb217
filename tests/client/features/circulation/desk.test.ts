// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import DispatchSheet from '../../../../src/client/features/circulation/desk/dispatch/DispatchSheet.vue'
import DocumentFormPage from '../../../../src/client/features/circulation/desk/form/DocumentFormPage.vue'
import RevisionCard from '../../../../src/client/features/circulation/desk/RevisionCard.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { mountAt, revisionOf, setupPhone, stored, until } from './fixtures.ts'

let parts: ReturnType<typeof setupPhone>
beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('no network')))
  parts = setupPhone()
})
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})
const global = () => ({ provide: { [phoneKey as symbol]: parts.phone } })
const describedBy = (control: Element): string =>
  (control.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent?.trim())
    .join(' ')

it('a form that is refused leads to the first fault, and each fault is tied to its field', async () => {
  const office = { personId: 'p1', unitId: 'root', name: '', role: 'office' as const, title: '' }
  const role = { ...office, from: '2020-01-01', to: null, revokedForCause: false }
  await parts.db.records('role').put(stored('r', 'org', role))
  const { wrapper } = await mountAt(DocumentFormPage, '/desk/documents/new', '/desk/documents/new', parts)
  await until(() => wrapper.find('form').exists())
  await wrapper.get('form').trigger('submit')
  await until(() => document.activeElement?.tagName === 'INPUT')
  expect(describedBy(document.activeElement!)).toContain('请写标题')
  expect(wrapper.findAll('[aria-invalid="true"]').map(({ element }) => describedBy(element))).toEqual([
    expect.stringContaining('请写标题'),
    expect.stringContaining('请选择文件'),
    expect.stringContaining('请先声明非密'),
  ])
  await wrapper.findAll('input')[0]!.setValue('关于值守的通知')
  await wrapper.get('form').trigger('submit')
  await until(() => (document.activeElement as HTMLInputElement).type === 'file')
  wrapper.unmount()
})

it('a date that is missing or past is told at the date', async () => {
  const sheet = mount(DispatchSheet, {
    props: {
      documentId: 'd1',
      sentTo: ['b1'],
      askedIn: ['b1'],
      sentDeadline: '2026-11-01',
      sentExpiry: '',
      show: false,
    },
    attachTo: document.body,
    global: global(),
  })
  await sheet.setProps({ show: true })
  await until(() => document.querySelector('input[type=date]') !== null)
  const date = document.querySelector<HTMLInputElement>('input[type=date]')!
  await until(() => describedBy(date).includes('截止日不能早于今天'))
  date.value = ''
  date.dispatchEvent(new Event('input'))
  await until(() => describedBy(date).includes('请选截止日'))
  sheet.unmount()
})

it('the acts on a revision say which one, and whether its file is shown', () => {
  const state = { revision: revisionOf(2, 'a'.repeat(64)), confirmation: undefined }
  const card = mount(RevisionCard, {
    props: { state, isDeclarer: false, isShown: false },
    global: global(),
  })
  expect(
    card.findAll('button').map((b) => [b.attributes('aria-label'), b.attributes('aria-expanded')]),
  ).toEqual([
    ['查看文件：第 2 版', 'false'],
    ['确认非密：第 2 版', undefined],
  ])
})
