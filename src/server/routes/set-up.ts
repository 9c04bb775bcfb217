/** First start: a one-time code, printed by the endpoint, opens the page that makes the bureau and its first administrator. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Hono } from 'hono'
import * as v from 'valibot'
import { MIN_PASSWORD_LENGTH } from '../../shared/sync/protocol/session.ts'
import { hashPassword, newActivationCode, sha256Of } from '../auth/passwords.ts'
import { noteFailure, waitMs } from '../auth/throttle.ts'
import { makeBureau } from '../commands/make-bureau.ts'
import { putSampleSets } from '../commands/sample-sets/put-sample-sets.ts'
import { Refusal } from '../problem.ts'
import type { RecordStore } from '../store/record-store.ts'
import { parseBody } from './parse-body.ts'
import type { AppContext, Parts } from './parts.ts'

const SETTING = 'set-up-code'
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))
const SetUpRequest = v.object({
  code: v.pipe(v.string(), v.maxLength(40)),
  bureauName: Name,
  staffNo: v.pipe(Name, v.maxLength(40)),
  name: Name,
  password: v.pipe(v.string(), v.minLength(MIN_PASSWORD_LENGTH), v.maxLength(200)),
})

const hashCode = (code: string) => sha256Of(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''))

/** Processes that start beside each other each print a code of their own: the last few are good. */
const MAX_CODES = 4
const hashesIn = (setting: string | undefined) => (setting ?? '').split(' ').filter((hash) => hash !== '')

const AGAIN_MS = 1_000

/**
 * A new set-up code while nobody can sign in yet; undefined afterwards. Each start prints a fresh one. Tried until it is done: an
 * endpoint that has said that it is up is not ended by its store.
 * @param onProblem told of the first one
 */
export async function offerSetUp(
  store: RecordStore,
  onProblem: (problem: unknown) => void,
): Promise<string | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      // Most starts only look: a write of this kind stops all others.
      return (await isSetUp(store)) ? undefined : await newCode(store)
    } catch (problem) {
      if (tries === 0) onProblem(problem)
      await pause(AGAIN_MS)
    }
  }
}

const isSetUp = (store: RecordStore) => store.read(async (tx) => (await tx.accounts()).length > 0)

function newCode(store: RecordStore): Promise<string | undefined> {
  return store.write([], async (tx) => {
    // Another process may have been set up since.
    if ((await tx.accounts()).length > 0) return undefined
    const code = newActivationCode()
    const hashes = [...hashesIn(await tx.setting(SETTING)), hashCode(code)].slice(-MAX_CODES)
    await tx.setSetting(SETTING, hashes.join(' '))
    return code
  })
}

export function setUpRoutes(app: Hono<AppContext>, parts: Parts): void {
  app.get('/api/setup', async (c) => {
    return c.json({ needed: !(await isSetUp(parts.store)) })
  })
  app.post('/api/setup', async (c) => {
    const body = await parseBody(c, SetUpRequest, 8 * 1024)
    const keys = [`set-up`, `address:${c.get('address')}`]
    const wait = await parts.store.read((tx) => waitMs(tx, keys, parts.now()))
    if (wait > 0) throw new Refusal('slow-down', { retryAfterSeconds: Math.ceil(wait / 1000) })
    const passwordHash = await hashPassword(body.password)
    const made = await parts.store.write([], async (tx) => {
      const expected = hashesIn(await tx.setting(SETTING))
      const open = (await tx.accounts()).length === 0
      if (!open || !expected.includes(hashCode(body.code))) {
        await noteFailure(tx, keys, parts.now())
        return false
      }
      const { administratorId } = await makeBureau(tx, {
        ...body,
        passwordHash,
        now: parts.now(),
        newId: parts.newId,
      })
      await putSampleSets(tx, administratorId, parts.now())
      await tx.setSetting(SETTING, '')
      return true
    })
    if (!made)
      throw new Refusal('code-invalid', { message: '设置码不对或已用过。请看服务器启动时打印的设置码。' })
    return c.json({ done: true }, 201)
  })
}
