// @vitest-environment happy-dom
/** A rewritten history is told where delivery is told: which scopes, by their names, and since when. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { deliveryLineOf } from '../../../../src/client/app/delivery/delivery-line.ts'
import HistoryNotice from '../../../../src/client/features/me/delivery/HistoryNotice.vue'
import { phoneKey } from '../../../../src/client/storage/phone.ts'
import { deliveryKey } from '../../../../src/client/sync/delivery-state.ts'
import { FakeEndpoint } from '../../../support/client/fake-endpoint.ts'
import { meetingFields, meetingScope, unitFields } from '../../../support/client/records.ts'
import { closePhones, setupPhone } from '../../../support/client/setup-phone.ts'

afterEach(closePhones)

it('names the scopes and the time, and leaves when the administrator was told', async () => {
  const endpoint = new FakeEndpoint()
  endpoint.seed('unit', 'branch', 'org', unitFields('第一支部'))
  endpoint.seed('meeting', 'm', meetingScope, meetingFields('一'))
  const a = await setupPhone(endpoint)
  await a.phone.engine.syncNow()
  endpoint.histories.set(meetingScope, 'another')
  endpoint.seed('meeting', 'm2', meetingScope, meetingFields('二'))
  await a.phone.engine.syncNow()
  await eventually(() => expect(a.phone.delivery.summary.value.rewritten).toBeTruthy())
  const summary = a.phone.delivery.summary.value
  expect(deliveryLineOf(summary, a.clock.now()).text).toBe('服务器的历史记录不一致')
  const page = mount(HistoryNotice, {
    props: { rewritten: summary.rewritten!, now: a.clock.now() },
    global: { provide: { [phoneKey as symbol]: a.phone, [deliveryKey as symbol]: a.phone.delivery } },
  })
  await eventually(() => expect(page.text()).toContain('第一支部的内容'))
  expect(page.text()).toContain('服务器上的历史记录与本机所记不一致，请告诉系统管理员')
  expect(page.text()).toContain('发现')
  await page.get('button').trigger('click')
  await eventually(() => expect(a.phone.delivery.summary.value.rewritten).toBeNull())
  page.unmount()
})
