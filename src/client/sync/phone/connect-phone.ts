/**
 * One person's phone without a screen: signs in, opens the store, and syncs when told. For whoever drives the shipped sync from
 * outside the app (tests/bench does): nothing here that the app's own phone has not.
 *
 * Promise: refused or unanswered sign-ins come back as values and leave nothing on the disk.
 */
import * as v from 'valibot'
import type { ErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { isErrorCode } from '../../../shared/sync/protocol/errors.ts'
import { SessionAnswer } from '../../../shared/sync/protocol/session.ts'
import type { FetchBlob } from '../../storage/files/blobs.ts'
import { adoptKeyPair, newKeyPair } from '../../storage/keys/device-keys.ts'
import { createPhoneEngine } from './phone-engine.ts'
import { openPhone, type OpenPhone, type OpenPhoneOptions } from './open-phone.ts'

export interface ConnectOptions extends Partial<Omit<OpenPhoneOptions, 'person' | 'session'>> {
  staffNo: string
  password: string
  deviceName?: string
}

export type Connected =
  | { type: 'connected'; phone: OpenPhone; session: SessionAnswer }
  | { type: 'refused'; code: ErrorCode }
  /** No answer, or none of the endpoint. */
  | { type: 'offline' }

const Refused = v.object({ error: v.object({ code: v.pipe(v.string(), v.check(isErrorCode)) }) })

/** Whole files only: who needs resuming and progress has remote/files.ts. */
function plainFetchBlob(send: typeof fetch): FetchBlob {
  return async (sha256) => {
    const response = await send(`/api/blobs/${sha256}`, { credentials: 'same-origin' })
    if (!response.ok) throw new Error(`the file was not handed out: ${response.status}`)
    return {
      bytes: new Uint8Array(await response.arrayBuffer()),
      mime: response.headers.get('content-type') ?? 'application/octet-stream',
    }
  }
}

/** undefined: no answer came, or it is not JSON. */
async function ask(send: typeof fetch, body: unknown): Promise<unknown> {
  try {
    const response = await send('/api/session', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return await response.json()
  } catch (error) {
    // TypeError: no network; SyntaxError: somebody else's page.
    if (error instanceof TypeError || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** @throws StorageTrouble when nothing can be kept on this browser */
export async function connectPhone(options: ConnectOptions): Promise<Connected> {
  const { staffNo, password, deviceName, ...rest } = options
  const send: typeof fetch = rest.fetch ?? ((...request) => fetch(...request))
  const pair = await newKeyPair()
  const asked = { staffNo, password, publicKey: pair?.publicKey, deviceName }
  const answer = await ask(send, asked)
  const refusal = v.safeParse(Refused, answer)
  if (refusal.success) return { type: 'refused', code: refusal.output.error.code as ErrorCode }
  const told = v.safeParse(SessionAnswer, answer)
  if (!told.success) return { type: 'offline' }
  const session = told.output
  const phone = await openPhone({
    engine: createPhoneEngine,
    ...rest,
    person: session.person,
    session,
    fetch: send,
    fetchBlob: rest.fetchBlob ?? plainFetchBlob(send),
  })
  if (pair !== null && session.keyId !== null) await adoptKeyPair(phone.db, pair, session.keyId)
  return { type: 'connected', phone, session }
}
