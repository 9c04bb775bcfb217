/**
 * An app that is too old to read what the endpoint has: it still brings home what it holds, gets nothing that it could not
 * read, and says that it must be updated.
 */
import { expect, it, vi } from 'vitest'
import type * as versions from '../../src/shared/sync/protocol/protocol-version.ts'
import { setupEndpoint } from '../support/endpoint.ts'
import { eventually } from '../support/eventually.ts'
import { setupPhone } from '../support/phone.ts'
import { opinion } from '../support/scene.ts'

/** The endpoint's wire is one version on and serves no pages to the one before; the phone still writes the first on its letters. */
vi.mock('../../src/shared/sync/protocol/protocol-version.ts', async (original) => ({
  ...(await original<typeof versions>()),
  PROTOCOL_VERSION: 2,
  OLDEST_PULL_VERSION: 2,
}))
const asOldApp = (body: string): string => body.replace('"protocol":2', '"protocol":1')

it('delivers its queue, pulls nothing, and is told to update', async () => {
  const endpoint = await setupEndpoint()
  const { app } = endpoint
  let isOld = false
  const aged = {
    ...endpoint,
    app: {
      request: (path: string, init: RequestInit) =>
        app.request(
          path,
          isOld && typeof init.body === 'string' ? { ...init, body: asOldApp(init.body) } : init,
        ),
    },
  } as unknown as typeof endpoint
  const p = await setupPhone(aged, '1003')
  await p.sync()
  isOld = true
  const before = await p.phone.db.rows('opinion').count()
  const write = (text: string) => opinion(p, text)
  const texts = async () =>
    (await endpoint.store.read((tx) => tx.records({ types: ['opinion'] }))).map(
      (row) => (JSON.parse(row.fields) as { text: string }).text,
    )
  await write('旧版本写的')
  await p.sync()
  expect(await texts()).toEqual(['旧版本写的'])
  expect(await p.phone.db.outbox.count()).toBe(0)
  await eventually(() => expect(p.phone.delivery.summary.value.phase).toBe('update'))
  await write('之后写的')
  await p.sync()
  expect(await texts()).toEqual(['旧版本写的', '之后写的'])
  expect(await p.phone.db.attention.count()).toBe(0)
  expect(await p.phone.db.rows('opinion').count()).toBe(before + 2)
  // What the office publishes now stays away until the app is new.
  await endpoint.put('column', 'new-column', { name: '新栏目', order: 9, hidden: false })
  await p.sync()
  expect(await p.phone.db.rows('column').get('new-column')).toBeUndefined()
  isOld = false
  await p.sync()
  expect(await p.phone.db.rows('column').get('new-column')).toBeDefined()
  await p.close()
  await endpoint.close()
})
