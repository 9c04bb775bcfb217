// @vitest-environment happy-dom
/** 签字回执: what the endpoint has said of one's own sign-off, checked on the phone. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import ReceiptPage from '../../../../src/client/features/circulation/receipt/ReceiptPage.vue'
import {
  countersignatureStatement,
  unsignedCountersignature,
} from '../../../../src/shared/circulation/signing/countersignature.ts'
import { endpointKeyId } from '../../../../src/shared/org/endpoint-key.ts'
import { makeDeviceKey } from '../../../server/attack.ts'
import {
  circulationFields,
  mountAt,
  NOW,
  revisionOf,
  setupPhone,
  signOffFields,
  stored,
  until,
} from './fixtures.ts'

const SHA = 'a'.repeat(64)
const FILE = 'file:b1:p1'
let parts: ReturnType<typeof setupPhone>
beforeEach(async () => {
  parts = setupPhone()
  await parts.db.records('circulation').put(stored('c1', 'unit:b1', circulationFields([revisionOf(1, SHA)])))
})
afterEach(() => {
  document.body.innerHTML = ''
  parts.delivery.close()
  parts.db.close()
})

const mine = signOffFields('p1', 1, SHA)
async function receiptFor(id: string, fields = mine): Promise<void> {
  const key = await makeDeviceKey()
  const keyId = endpointKeyId(key.publicKey)
  const unsigned = unsignedCountersignature(id, fields, { receivedAt: NOW, keyId })
  const signature = await key.sign(countersignatureStatement(unsigned))
  await parts.db.records('endpoint-key').put(stored(keyId, 'org', { publicKey: key.publicKey, madeAt: NOW }))
  await parts.db.records('countersignature').put(stored(`r-${id}`, FILE, { ...unsigned, signature }))
}

async function told(): Promise<string> {
  const { wrapper } = await mountAt(ReceiptPage, '/circulation/:id/receipt', '/circulation/c1/receipt', parts)
  await until(
    () =>
      wrapper.find('article [role=status], article [role=alert], article .note').exists() ||
      wrapper.text().includes('还没有签'),
  )
  await until(() => /送达|相符|还没有签/.test(wrapper.text()))
  const text = wrapper.text()
  wrapper.unmount()
  return text
}

it('holds when the endpoint’s signature is over this very sign-off', async () => {
  await parts.db.records('sign-off').put(stored('s1', FILE, mine))
  await receiptFor('s1')
  const text = await told()
  expect(text).toContain('回执有效')
  expect(text).toContain('送达时间（服务器）')
  expect(text).toContain('打印或存为 PDF')
})

it('says so when what lies here is not what was countersigned', async () => {
  await parts.db.records('sign-off').put(stored('s1', FILE, { ...mine, opinion: '不是我写的' }))
  await receiptFor('s1', mine)
  const text = await told()
  expect(text).toContain('回执与这次签字不符')
  expect(text).not.toContain('回执有效')
  expect(text).not.toContain('打印或存为 PDF')
})

it('promises nothing of a sign-off that is only on this phone, or that has no receipt', async () => {
  await parts.db.records('sign-off').put(stored('s1', FILE, mine, { pending: 1, receivedAt: null }))
  const waiting = await told()
  expect(waiting).toContain('还在本机，待送达')
  await parts.db.records('sign-off').put(stored('s1', FILE, mine))
  const without = await told()
  expect(without).toContain('没有可核对的回执')
  expect(waiting + without).not.toContain('有效')
})

it('shows nobody else’s sign-off', async () => {
  await parts.db.records('sign-off').put(stored('s2', 'file:b1:p2', signOffFields('p2', 1, SHA)))
  expect(await told()).toContain('你还没有签这份文件')
})
