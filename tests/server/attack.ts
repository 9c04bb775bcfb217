/** What the attacks on the endpoint have in common: a person's queue by hand, a dump of all tables, device keys by WebCrypto. */
import { webcrypto } from 'node:crypto'
import { TABLE_NAMES } from '../../src/server/store/sql/whole-store.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { hashMutation, type Mutation } from '../../src/shared/sync/protocol/push.ts'
import { connect, PASSWORD, type Connection, type TestEndpoint } from '../support/endpoint.ts'
import { mutationOf, push, type MutationParts } from '../support/wire.ts'

/** Every row of every table as JSON, in a fixed order: two dumps are equal when nothing was stored in between. */
export function dumpTables(
  endpoint: TestEndpoint,
  without: readonly string[] = [],
): Promise<Record<string, string[]>> {
  return endpoint.store.readAll(async (tables) => {
    const dump: Record<string, string[]> = {}
    for (const name of TABLE_NAMES.filter((table) => !without.includes(table))) {
      dump[name] = []
      for await (const row of tables.rows(name)) dump[name].push(JSON.stringify(row))
      dump[name].sort()
    }
    return dump
  })
}

/** A person with a queue that numbers its mutations. */
export async function queueOf(endpoint: TestEndpoint, staffNo: string) {
  const connection = await connect(endpoint, staffNo)
  let n = 0
  return {
    ...connection,
    make: (parts: MutationParts): Mutation => mutationOf(++n, { observedAt: endpoint.clock.now(), ...parts }),
    /** Makes and sends one mutation; its outcome. */
    offer: async (parts: MutationParts, change: (m: Mutation) => Mutation = (m) => m) => {
      const m = change(mutationOf(++n, { observedAt: endpoint.clock.now(), ...parts }))
      const { outcomes, status, body } = await push(connection, [m])
      if (status !== 200) throw new Error(`push: ${status} ${JSON.stringify(body)}`)
      return outcomes[0]!
    },
  }
}
export type Queue = Awaited<ReturnType<typeof queueOf>>

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const

/** A device key as a phone makes it: the public half as a raw point, signatures as raw r‖s, both base64url. */
export async function makeDeviceKey() {
  const pair = await webcrypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])
  const raw = await webcrypto.subtle.exportKey('raw', pair.publicKey)
  return {
    publicKey: Buffer.from(raw).toString('base64url'),
    sign: async (statement: string) =>
      Buffer.from(
        await webcrypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          Buffer.from(statement),
        ),
      ).toString('base64url'),
  }
}

/** Signs in with a device key, as a phone with WebCrypto does. */
export async function connectWithKey(endpoint: TestEndpoint, staffNo: string) {
  const key = await makeDeviceKey()
  const answer = await endpoint.app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ staffNo, password: PASSWORD, publicKey: key.publicKey }),
  })
  if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0]!
  const body = (await answer.json()) as { person: { id: string }; deviceId: string; keyId: string }
  const post = (path: string, json: unknown) =>
    endpoint.app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(json),
    })
  const send = (path: string, init: RequestInit = {}) =>
    endpoint.app.request(path, { ...init, headers: { cookie, ...(init.headers as Record<string, string>) } })
  const connection: Connection = {
    personId: body.person.id,
    deviceId: body.deviceId,
    keyId: body.keyId,
    cookie,
    post,
    send,
  }
  return { connection, key, keyId: body.keyId }
}

/** The same mutation with the envelope by which another person's phone may deliver it. */
export async function signedBy(
  m: Mutation,
  person: string,
  keyId: string,
  sign: (statement: string) => Promise<string>,
): Promise<Mutation> {
  return { ...m, signed: { person, key: keyId, signature: await sign(m.hash) } }
}

/** A changed mutation that hashes to what it says. */
export function rehashed(m: Mutation, change: Partial<Mutation>): Mutation {
  const next = { ...m, ...change }
  return { ...next, hash: hashMutation(next) }
}

let commandIds = 0
export const newCommandId = (): string => `command-${++commandIds}`

/** Gives a command, under a new id unless told; its answer, and the code when it was refused. */
export async function command(c: Connection, name: string, body: JsonObject, id = newCommandId()) {
  const response = await c.post(`/api/commands/${name}`, { id, ...body })
  const answer = (await response.json()) as JsonObject & {
    error?: { code: string; field?: string; message: string }
  }
  return { status: response.status, code: answer.error?.code, answer }
}

/** A record's fields as they are stored. */
export async function fieldsOf<T>(endpoint: TestEndpoint, type: string, id: string): Promise<T | undefined> {
  const record = await endpoint.store.read((tx) => tx.record(type, id))
  return record === undefined ? undefined : (JSON.parse(record.fields) as T)
}
