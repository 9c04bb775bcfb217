/**
 * What the app must never count or send: time spent, sign-ins, scrolling, streaks, opens, places. Every name of every record
 * type, message, SQL column and table on the phone is looked through; a new one is covered the day it is added.
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { IDBFactory, IDBKeyRange } from 'fake-indexeddb'
import { expect, it } from 'vitest'
import { openPhoneDatabase } from '../../../src/client/storage/db.ts'
import { PullAnswer, PullRequest } from '../../../src/shared/sync/protocol/pull.ts'
import { PushAnswer, PushRequest } from '../../../src/shared/sync/protocol/push.ts'
import { SessionAnswer, SessionRequest } from '../../../src/shared/sync/protocol/session.ts'
import { definitions } from '../../../src/shared/sync/registry.ts'
import { setupEndpoint } from '../../support/endpoint.ts'

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
