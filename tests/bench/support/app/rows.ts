/** What the endpoint sends to a new phone of the member, and what lies on one: equal or not, over all types and fields. */
import { createHash } from 'node:crypto'
import type { Page } from 'playwright-core'
import { definitions } from '../../../../src/shared/sync/registry.ts'
import { MEMBER, PASSWORD } from '../../fill/fill-hall.ts'
import { createWireClient, pullAll } from '../wire-client.ts'

export interface Rows {
  personId: string
  rows: number
  /** Over all of them, in the order of their ids. */
  sha256: string
}

const lineOf = (row: { type: string; id: string; scope: string; rev: number; fields: unknown }) =>
  `${row.type} ${row.id} ${row.scope} ${row.rev} ${JSON.stringify(row.fields)}`

/** As a second phone of the member sees it. */
export async function rowsAtEndpoint(port: number): Promise<Rows> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ staffNo: MEMBER, password: PASSWORD, deviceName: 'bench' }),
  })
  if (!answer.ok) throw new Error(`not signed in: ${answer.status}`)
  const token = /wh_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? null
  const session = (await answer.json()) as { person: { id: string }; deviceId: string }
  const client = createWireClient(port, token)
  const lines = new Map<string, string>()
  await pullAll(client, session.deviceId, null, ({ records }) => {
    for (const record of records as ((typeof records)[number] & { deleted: boolean })[]) {
      if (record.deleted) lines.delete(`${record.type} ${record.id}`)
      else lines.set(`${record.type} ${record.id}`, lineOf(record))
    }
  })
  client.close()
  const sorted = [...lines.keys()].sort().map((key) => lines.get(key)!)
  const sha256 = createHash('sha256').update(sorted.join('\n')).digest('hex')
  return { personId: session.person.id, rows: lines.size, sha256 }
}

const TYPES = definitions.map(({ type }) => type)

/** Read beside the app, straight from the browser's database. */
async function rowsOnPhone(page: Page, personId: string): Promise<Pick<Rows, 'rows' | 'sha256'>> {
  return page.evaluate(
    async ([name, types]) => {
      const open = indexedDB.open(name)
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        open.addEventListener('success', () => resolve(open.result))
        open.addEventListener('error', () => reject(new Error('no database')))
      })
      const lines = new Map<string, string>()
      for (const type of types) {
        const asking = db.transaction(type).objectStore(type).getAll()
        await new Promise((resolve) => asking.addEventListener('success', resolve))
        for (const { id, scope, rev, fields } of asking.result)
          lines.set(`${type} ${id}`, `${type} ${id} ${scope} ${rev} ${JSON.stringify(fields)}`)
      }
      db.close()
      const sorted = [...lines.keys()].sort().map((key) => lines.get(key)!)
      const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sorted.join('\n')))
      const sha256 = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      return { rows: lines.size, sha256 }
    },
    [`wh-${personId}`, TYPES] as [string, string[]],
  )
}

/** The phone may have written something of its own meanwhile, such as its key: the endpoint is asked anew. */
export async function holdsAll(page: Page, port: number): Promise<boolean> {
  const expected = await rowsAtEndpoint(port)
  const held = await rowsOnPhone(page, expected.personId)
  return held.rows === expected.rows && held.sha256 === expected.sha256
}

/** Counted only, so that waiting costs the page little. */
export const countOnPhone = (page: Page, personId: string): Promise<number> =>
  page.evaluate(
    ([name, types]) =>
      new Promise<number>((resolve) => {
        const open = indexedDB.open(name)
        open.addEventListener('success', () => {
          const tx = open.result.transaction(types)
          let rows = 0
          for (const type of types) {
            const asking = tx.objectStore(type).count()
            asking.addEventListener('success', () => (rows += asking.result))
          }
          tx.addEventListener('complete', () => {
            open.result.close()
            resolve(rows)
          })
        })
      }),
    [`wh-${personId}`, TYPES] as [string, string[]],
  )

const LOOK_MS = 250
const PATIENCE_MS = 120_000

/** Until the phone holds as many rows. @throws when it never does */
export async function allRowsCame(page: Page, { personId, rows }: Rows): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const held = await countOnPhone(page, personId)
    if (held >= rows) return
    if (Date.now() > until) throw new Error(`the phone holds ${held} of ${rows} rows`)
    await page.waitForTimeout(LOOK_MS)
  }
}
