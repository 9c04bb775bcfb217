// @vitest-environment happy-dom
// First: Dexie looks for the global once.
import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openSignedIn } from '../../../src/client/app/session/open-signed-in.ts'
import type { PhoneDb } from '../../../src/client/storage/db.ts'
import { deletePhoneDatabase } from '../../../src/client/storage/phone-databases.ts'
import type { OpenPhone } from '../../../src/client/sync/phone/open-phone.ts'

const person = { id: 'li', name: '李', staffNo: '1' }
let phone: OpenPhone | undefined
/** Why the probe fails. */
let full: DOMException | undefined

/** The rest of the disk works; as when the last of the room is gone. */
function failProbes(db: PhoneDb): void {
  db.meta.hook('creating', (key) => {
    if (key === 'probe' && full !== undefined) throw full
  })
}

async function open() {
  const troubles: Error[] = []
  phone = await openSignedIn(
    person,
    { deviceId: 'd', keyId: null },
    {
      markExpired: () => undefined,
      noteContact: () => undefined,
      noteDevice: () => undefined,
      noteTrouble: (trouble) => troubles.push(trouble),
      noteBlocked: () => undefined,
    },
  )
  failProbes(phone.db)
  return { phone, troubles }
}

afterEach(async () => {
  await phone?.close()
  full = undefined
  document.body.innerHTML = ''
  await deletePhoneDatabase(person.id)
})

it('a disk without room is told at the start, by its own sentence, and what lies on it can be read', async () => {
  full = new DOMException('no room', 'QuotaExceededError')
  const { phone: opened, troubles } = await open()
  expect(await opened.db.records('lesson').count()).toBe(0)
  await eventually(() => expect(troubles).toMatchObject([{ type: 'storage-trouble', kind: 'quota' }]))
})

it('tries the disk only when the screen can be read', async () => {
  document.body.innerHTML = '<div class="skeleton"></div>'
  const { phone: opened } = await open()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await opened.db.meta.get('probe')).toBeUndefined()
  document.body.innerHTML = ''
  await eventually(async () => expect((await opened.db.meta.get('probe'))?.value).toBe(1))
})

it('says nothing of a phone whose person has left meanwhile', async () => {
  document.body.innerHTML = '<div class="skeleton"></div>'
  const { phone: opened, troubles } = await open()
  await opened.close()
  const put = vi.spyOn(opened.db.meta, 'put')
  document.body.innerHTML = ''
  await eventually(() => expect(put).toHaveBeenCalled())
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(troubles).toEqual([])
})
