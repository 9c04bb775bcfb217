// @vitest-environment happy-dom
/** Pictures of this week's lessons come before somebody asks for them, also over a cut. */
// First: Dexie looks for the global once, and liveQuery stays silent without it.
import 'fake-indexeddb/auto'
import { afterEach, expect, it } from 'vitest'
import { keepAhead } from '../../../../src/client/features/lessons/lessons.ahead.ts'
import { offlineProblem } from '../../../../src/client/remote/call.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import { eventually } from '../../../support/eventually.ts'
import { lessonFields, setupPhone } from './fake-phone.ts'

const pictures = ['一', '二'].map((name) => new TextEncoder().encode(name))
let stop = () => undefined as void
afterEach(() => stop())

it('asks for nothing more after a cut, and goes on when the network is back', async () => {
  let isOnline = false
  let asked = 0
  const phone = setupPhone((sha256) => {
    asked += 1
    const bytes = pictures.find((picture) => sha256Hex(picture) === sha256)
    if (!isOnline || bytes === undefined) return Promise.reject(offlineProblem())
    return Promise.resolve({ bytes, mime: 'image/png' })
  })
  const attachments = pictures.map((bytes, n) => ({
    sha256: sha256Hex(bytes),
    name: `${n}.png`,
    mime: 'image/png',
    sizeBytes: bytes.length,
  }))
  await phone.give('lesson', 'l1', lessonFields({ attachments }))
  stop = keepAhead(phone.phone)
  await eventually(() => expect(asked).toBe(1))
  isOnline = true
  window.dispatchEvent(new Event('online'))
  await eventually(async () => expect(await phone.db.blobs.count()).toBe(2))
  expect(asked).toBe(3)
})
