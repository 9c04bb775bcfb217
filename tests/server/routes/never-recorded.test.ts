/**
 * What the app must never count or send: time spent, sign-ins, scrolling, streaks, opens, places. Every name of every record
 * type, message, SQL column and table on the phone is looked through; a new one is covered the day it is added. Whoever only opens
 * the app and looks leaves the endpoint as it was, no browser is let to ask where the phone is, and what the camera sees stays in
 * the page.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, it } from 'vitest'
import { openPhoneDatabase } from '../../../src/client/storage/db.ts'
import { PullAnswer, PullRequest } from '../../../src/shared/sync/protocol/pull.ts'
import { PushAnswer, PushRequest } from '../../../src/shared/sync/protocol/push.ts'
import { SessionAnswer, SessionRequest } from '../../../src/shared/sync/protocol/session.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import { setupEndpoint } from '../../support/endpoint.ts'
import { closePhones, setupPhone } from '../../support/phone.ts'

/** Words of a name, however it is written: `signInCount`, `sign_in_count`, `sign-in-count`. */
const wordsOf = (name: string) =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
const FORBIDDEN = new Set(
  'duration elapsed spent seconds dwell login logins logon signins scroll scrolled scrolling streak streaks opens opened visit visits views clicks taps rank ranking location latitude longitude gps photo checkin'.split(
    ' ',
  ),
)
const isForbidden = (name: string) => {
  const words = wordsOf(name)
  const joined = words.join('')
  return (
    words.some((word) => FORBIDDEN.has(word)) ||
    /signin(count|s|times)|opencount|readtime|timespent|lastseen|lastactive/.test(joined)
  )
}

function namesIn(schema: unknown, path: string, seen = new Set<unknown>()): string[] {
  if (typeof schema !== 'object' || schema === null || seen.has(schema)) return []
  seen.add(schema)
  const node = schema as Record<string, unknown>
  const entries = (node.entries ?? {}) as Record<string, unknown>
  const own = Object.entries(entries).flatMap(([key, item]) => [
    `${path}.${key}`,
    ...namesIn(item, `${path}.${key}`, seen),
  ])
  const inner = [node.item, node.wrapped, node.value, node.pipe, node.options, node.items].flat()
  return [...own, ...inner.flatMap((each) => namesIn(each, path, seen))]
}

it('would notice', () => {
  for (const name of [
    'timeSpent',
    'lesson.scrollDepth',
    'sign_in_count',
    'openCount',
    'streak_days',
    'readTimeMs',
    'lastActiveAt',
  ]) {
    expect({ name, isForbidden: isForbidden(name) }).toEqual({ name, isForbidden: true })
  }
  for (const name of [
    'observedAt',
    'publishAt',
    'opinion',
    'startsAt',
    'state',
    'lastMutation',
    'overview',
  ]) {
    expect({ name, isForbidden: isForbidden(name) }).toEqual({ name, isForbidden: false })
  }
})

it('stands in no field of a record type and in no message', () => {
  const messages = { PushRequest, PushAnswer, PullRequest, PullAnswer, SessionRequest, SessionAnswer }
  const names = [
    ...definitions.flatMap((d) => namesIn(d.schema, d.type)),
    ...Object.entries(messages).flatMap(([name, schema]) => namesIn(schema, name)),
  ]
  expect(names.length).toBeGreaterThan(250)
  expect(names.filter(isForbidden)).toEqual([])
})

it('stands in no column of the endpoint', async () => {
  const endpoint = await setupEndpoint({ database: 'sqlite' })
  const database = new DatabaseSync(join(endpoint.folder, 'store.sqlite'), { readOnly: true })
  const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all() as {
    name: string
  }[]
  const columns = tables.flatMap(({ name }) =>
    (database.prepare(`pragma table_info(${name})`).all() as { name: string }[]).map(
      (column) => `${name}.${column.name}`,
    ),
  )
  database.close()
  await endpoint.close()
  expect(columns.length).toBeGreaterThan(50)
  expect(columns.filter(isForbidden)).toEqual([])
})

it('stands in no table and no index on the phone', async () => {
  const db = openPhoneDatabase('somebody', { indexedDB: new IDBFactory(), IDBKeyRange })
  await db.open()
  const names = db.tables.flatMap((table) => [
    table.name,
    ...table.schema.indexes.map((index) => `${table.name}.${index.name}`),
  ])
  db.close()
  expect(names.length).toBeGreaterThan(60)
  expect(names.filter(isForbidden)).toEqual([])
})

/** Every row of every table, as text. */
function rowsOf(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true })
  const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all()
  const rows = tables.flatMap(({ name }) =>
    database
      .prepare(`select * from ${String(name)}`)
      .all()
      .map((row) => `${String(name)} ${JSON.stringify(row)}`),
  )
  database.close()
  return rows.sort()
}

it('is not left at the endpoint by opening the app and looking, whenever and however often', async () => {
  const endpoint = await setupEndpoint({ database: 'sqlite' })
  const path = join(endpoint.folder, 'store.sqlite')
  const phone = await setupPhone(endpoint, '1002')
  for (let round = 0; round < 2; round++) await phone.sync()
  const before = rowsOf(path)
  expect(before.some((row) => row.startsWith('sessions '))).toBe(true)
  for (const hours of [1, 26, 3]) {
    endpoint.clock.advance((hours * DAY_MS) / 24)
    await phone.reopen()
    expect((await phone.fetch('/api/session')).status).toBe(200)
    await phone.sync()
    expect(rowsOf(path)).toEqual(before)
  }
  // It would notice: what somebody writes is there.
  await phone.phone.store.put('opinion', {
    personId: phone.session.person.id,
    text: '夜班也能看到通知。',
  } as never)
  await phone.sync()
  expect(rowsOf(path)).not.toEqual(before)
  await closePhones()
  await endpoint.close()
})

it('is asked of no browser: place and sound are refused on every answer', async () => {
  const endpoint = await setupEndpoint()
  for (const path of ['/', '/meetings', '/api/session', '/healthz', '/nothing.js']) {
    const policy = (await endpoint.app.request(path)).headers.get('permissions-policy') ?? ''
    expect([path, policy.split(/,\s*/)]).toEqual([
      path,
      expect.arrayContaining(['geolocation=()', 'microphone=()']),
    ])
  }
  await endpoint.close()
})

const SENSORS =
  /geolocation|getCurrentPosition|watchPosition|device(?:motion|orientation)|Accelerometer|Gyroscope|navigator\.(?:bluetooth|connection\b|getBattery)|IdleDetector|FaceDetector|sendBeacon/i
const KEEPING =
  /toBlob|toDataURL|convertToBlob|MediaRecorder|captureStream|ImageCapture|localStorage|indexedDB|caches\b|\bfetch\(|from '[^']*\/(?:storage|sync|remote)\//

it('is asked of no phone: no source reads a place, a movement, a face or a battery', () => {
  const files = globSync('src/{client,shared}/**/*.{ts,vue}')
  expect(files.length).toBeGreaterThan(700)
  expect(files.filter((file) => SENSORS.test(readFileSync(file, 'utf8')))).toEqual([])
  expect(SENSORS.test('navigator.geolocation.watchPosition(found)')).toBe(true)
})

it('is no picture either: what the camera sees leaves its folder as text, and nothing in there can keep or send it', () => {
  const files = globSync('src/client/features/meetings/codes/camera/*')
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter((file) => KEEPING.test(readFileSync(file, 'utf8')))).toEqual([])
  const view = readFileSync('src/client/features/meetings/codes/camera/CameraView.vue', 'utf8')
  expect(view).toContain('defineEmits<{ text: [text: string]; blind: [isBlind: boolean] }>()')
  for (const keeping of [
    'canvas.toBlob(keep)',
    "import { useBlobs } from '../../../../storage/files/blobs.ts'",
  ])
    expect(KEEPING.test(keeping)).toBe(true)
})
