/**
 * `/api/session`: sign in by password, or by activation code with a new password; who is signed in; sign out.
 *
 * Guarantees: a device id belongs to one person; an activation code works once; failures slow down the account and the
 * address; an unknown staff number takes as long as a wrong password.
 */
import { getCookie, setCookie, deleteCookie } from 'hono/cookie'
import type { Context, Hono } from 'hono'
import type * as v from 'valibot'
import { spanHolds, type ActorMembership, type ActorRole } from '../../shared/org/actor.ts'
import { ERRORS } from '../../shared/sync/protocol/errors.ts'
import { DeviceRequest, SessionRequest, type SessionAnswer } from '../../shared/sync/protocol/session.ts'
import { DAY_MS } from '../../shared/civil-time.ts'
import {
  hashActivationCode,
  hashPassword,
  newToken,
  passwordMatches,
  pretendToCheck,
  sha256Of,
} from '../auth/passwords.ts'
import { clearFailures, noteFailure, noteTry, WARNED_FROM } from '../auth/throttle.ts'
import { bringKeys } from '../commands/people/bring-keys.ts'
import { writeRecord } from '../commands/write-record.ts'
import { Refusal } from '../problem.ts'
import type { Account, Device, ReadTx, Session, WriteTx } from '../store/record-store.ts'
import { parseBody } from './parse-body.ts'
import type { AppContext, Parts } from './parts.ts'
import { isRevoked } from './push/proof.ts'

export const SESSION_COOKIE = 'wh_session'
const SESSION_MS = 90 * DAY_MS

type Body = v.InferOutput<typeof SessionRequest>

export function sessionRoutes(app: Hono<AppContext>, parts: Parts): void {
  app.post('/api/session', async (c) => {
    const body = await parseBody(c, SessionRequest, 8 * 1024)
    const account = await authenticate(parts, body, c.get('address'))
    const token = newToken()
    const answer = await parts.store.write([], async (tx) => {
      // As it stands by now: checking the password took a while.
      const isClosed = (await tx.account({ personId: account.personId }))?.closed !== false
      if (isClosed) throw new Refusal('password' in body ? 'wrong-password' : 'code-invalid')
      const device = await enrolDevice(tx, parts, account.personId, body)
      const expiresAt = parts.now() + SESSION_MS
      await tx.putSession({
        tokenHash: sha256Of(token),
        personId: account.personId,
        deviceId: device.id,
        createdAt: parts.now(),
        expiresAt,
      })
      return answerOf(tx, account, device, parts.now())
    })
    setCookie(c, SESSION_COOKIE, token, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_MS / 1000,
      secure: isHttps(c, parts),
    })
    return c.json(answer)
  })

  app.get('/api/session', async (c) => {
    const session = c.get('session')
    const answer = await parts.store.read(async (tx) => {
      const account = await tx.account({ personId: session.personId })
      const device = await tx.device(session.deviceId)
      if (account === undefined || device === undefined) throw new Refusal('not-signed-in')
      return answerOf(tx, account, device, parts.now())
    })
    return c.json(answer)
  })

  app.delete('/api/session', async (c) => {
    const token = getCookie(c, SESSION_COOKIE)
    if (token !== undefined) await parts.store.write([], (tx) => tx.deleteSession(sha256Of(token)))
    deleteCookie(c, SESSION_COOKIE, { path: '/' })
    return c.json({ signedOut: true })
  })

  // A cloned or foreign device asks for a number of its own and goes on with what it has queued.
  app.post('/api/session/device', async (c) => {
    const body = await parseBody(c, DeviceRequest, 8 * 1024)
    const session = c.get('session')
    // A tab of somebody else under this cookie: nothing of theirs is registered here.
    if (body.personId !== session.personId) throw new Refusal('not-signed-in')
    const answer = await parts.store.write([], async (tx) => {
      const account = await tx.account({ personId: session.personId })
      if (account === undefined) throw new Refusal('not-signed-in')
      const device = await enrolDevice(tx, parts, account.personId, { ...body, deviceId: undefined })
      await tx.putSession({ ...session, deviceId: device.id })
      return answerOf(tx, account, device, parts.now())
    })
    return c.json(answer)
  })

  app.get('/api/session/devices', async (c) => {
    const session = c.get('session')
    const devices = await parts.store.read((tx) => tx.devicesOf(session.personId))
    return c.json({
      devices: devices.map((d) => ({
        id: d.id,
        name: d.name,
        createdAt: d.createdAt,
        revokedAt: d.revokedAt,
        keyId: d.keyId,
        thisOne: d.id === session.deviceId,
      })),
    })
  })
}

function tooOften(waitMs: number): Refusal {
  const retryAfterSeconds = Math.ceil(waitMs / 1000)
  const wait =
    retryAfterSeconds < 60 ? `${retryAfterSeconds} 秒` : `${Math.ceil(retryAfterSeconds / 60)} 分钟`
  return new Refusal('slow-down', { retryAfterSeconds, message: `试的次数多了，请过 ${wait}再试。` })
}

/** @throws Refusal wrong-password, code-invalid, slow-down */
async function authenticate(parts: Parts, body: Body, address: string): Promise<Account> {
  const [byAccount, byAddress] = [`account:${body.staffNo}`, `address:${address}`]
  const { wait, failures, account } = await parts.store.write([], async (tx) => ({
    wait: await noteTry(tx, byAccount, byAddress, parts.now()),
    failures: (await tx.throttle(byAccount))?.failures ?? 0,
    account: await tx.account({ staffNo: body.staffNo }),
  }))
  if (wait > 0) throw tooOften(wait)
  const found =
    'password' in body ? await byPassword(account, body.password) : await byCode(parts, account, body)
  if (found === undefined) {
    await parts.store.write([], (tx) => noteFailure(tx, [byAddress], parts.now()))
    const code = 'password' in body ? 'wrong-password' : 'code-invalid'
    const warning = failures < WARNED_FROM ? '' : '再输错就要等，等的时间会越来越长。'
    throw new Refusal(code, { message: ERRORS[code].sentence + warning })
  }
  await parts.store.write([], (tx) => clearFailures(tx, byAccount))
  return found
}

async function byPassword(account: Account | undefined, password: string): Promise<Account | undefined> {
  const usable = account !== undefined && account.passwordHash !== null && !account.closed
  const matches = usable
    ? await passwordMatches(password, account.passwordHash!)
    : await pretendToCheck(password)
  return matches ? account : undefined
}

/** The code is used up and the password set in one transaction, so that a cut in between leaves both as they were. */
async function byCode(
  parts: Parts,
  account: Account | undefined,
  body: { staffNo: string; activationCode: string; newPassword: string },
): Promise<Account | undefined> {
  const passwordHash = await hashPassword(body.newPassword)
  if (account === undefined || account.closed) return undefined
  const codeHash = hashActivationCode(body.staffNo, body.activationCode)
  return parts.store.write([], async (tx) => {
    const code = await tx.activationCode(codeHash)
    if (
      code === undefined ||
      code.usedAt !== null ||
      code.expiresAt < parts.now() ||
      code.staffNo !== body.staffNo
    )
      return undefined
    // As it stands by now: hashing took a while.
    const standing = await tx.account({ personId: account.personId })
    if (standing === undefined || standing.closed) return undefined
    await tx.putActivationCode({ ...code, usedAt: parts.now() })
    const activated = { ...standing, passwordHash }
    await tx.putAccount(activated)
    // A new code is asked for when a password is forgotten or a phone is lost: whoever was signed in is so no longer.
    await tx.deleteSessionsOf(account.personId)
    return activated
  })
}

async function enrolDevice(
  tx: WriteTx,
  parts: Parts,
  personId: string,
  body: { deviceId?: string | undefined; publicKey?: string | undefined; deviceName?: string | undefined },
): Promise<Device> {
  const known = body.deviceId === undefined ? undefined : await tx.device(body.deviceId)
  const mine = known !== undefined && known.personId === personId && known.revokedAt === null
  const device: Device = mine
    ? known
    : {
        id: parts.newId(),
        personId,
        name: body.deviceName ?? '',
        lastMutation: 0,
        keyId: null,
        createdAt: parts.now(),
        revokedAt: null,
      }
  const keyId =
    body.publicKey === undefined ? device.keyId : await enrolKey(tx, parts, device, body.publicKey)
  const enrolled = { ...device, keyId }
  await tx.putDevice(enrolled)
  return enrolled
}

/**
 * The public key becomes a fact in the person's primary unit, where its officers can see it, with a copy in each other one. A
 * known key keeps its record.
 */
async function enrolKey(
  tx: WriteTx,
  parts: Parts,
  device: Device,
  publicKey: string,
): Promise<string | null> {
  const own = await tx.records({ types: ['device-key', 'membership'], person: device.personId })
  const fieldsOf = <T>(type: string) =>
    own.filter((r) => r.type === type).map((r) => ({ id: r.id, ...(JSON.parse(r.fields) as T) }))
  const keys = own.filter((r) => r.type === 'device-key')
  const same = fieldsOf<{ publicKey: string; copyOf?: string }>('device-key').find(
    (k) => k.publicKey === publicKey && !isRevoked(k.id, keys),
  )
  if (same !== undefined) return same.copyOf ?? same.id
  const now = parts.now()
  const current = fieldsOf<ActorMembership>('membership').filter((m) => spanHolds(m, now))
  const home = current.find((m) => m.primary) ?? current[0]
  if (home === undefined) return null
  const result = await writeRecord(tx, {
    type: 'device-key',
    id: parts.newId(),
    fields: {
      personId: device.personId,
      unitId: home.unitId,
      deviceId: device.id,
      deviceName: device.name,
      publicKey,
      enrolledAt: now,
      revokedAt: null,
      supersedes: [],
    },
    author: device.personId,
    now,
  })
  await bringKeys(tx, [device.personId], now)
  return result.id
}

async function answerOf(tx: ReadTx, account: Account, device: Device, now: number): Promise<SessionAnswer> {
  const rows = await tx.records({ types: ['role'], person: account.personId })
  const roles = rows
    .map((r) => JSON.parse(r.fields) as ActorRole & { title: string })
    .filter((r) => spanHolds(r, now))
    .map(({ role, unitId, title }) => ({ role, unitId, title }))
  return {
    person: { id: account.personId, staffNo: account.staffNo, name: account.name },
    roles,
    deviceId: device.id,
    keyId: device.keyId,
    serverTime: now,
  }
}

export function isHttps(c: Context<AppContext>, parts: Parts): boolean {
  return parts.settings.publicUrl.startsWith('https:') || new URL(c.req.url).protocol === 'https:'
}

/** The session of the request. @throws Refusal not-signed-in */
export async function sessionOf(c: Context<AppContext>, parts: Parts): Promise<Session> {
  const token = getCookie(c, SESSION_COOKIE)
  if (token === undefined) throw new Refusal('not-signed-in')
  const session = await parts.store.read((tx) => tx.session(sha256Of(token)))
  if (session === undefined || session.expiresAt < parts.now()) throw new Refusal('not-signed-in')
  return session
}
