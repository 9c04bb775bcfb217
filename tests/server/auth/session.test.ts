/** Attacks on signing in: guessing, volleys, used and foreign codes, foreign devices, foreign sites, old sessions. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/server/app.ts'
import { issueCode } from '../../../src/server/commands/accounts.ts'
import { DAY_MS } from '../../../src/shared/civil-time.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { connect, PASSWORD, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { dumpTables } from '../attack.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const signIn = (body: JsonObject, headers: Record<string, string> = {}, app = endpoint.app) =>
  app.request('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const codeOf = async (response: Response) =>
  [response.status, ((await response.json()) as { error?: { code: string } }).error?.code] as const
const wrong = (staffNo = '1003') => signIn({ staffNo, password: 'not this one' })
const right = (staffNo = '1003') => signIn({ staffNo, password: PASSWORD })
const newCode = (staffNo: string) =>
  endpoint.store.write(
    [],
    async (tx) => (await issueCode(tx, personIdOf(staffNo), endpoint.clock.now())).code,
  )
const activate = (staffNo: string, activationCode: string, newPassword = 'a new password') =>
  signIn({ staffNo, activationCode, newPassword })

describe('guessing', () => {
  it('tells a wrong password and an unknown staff number in the same words', async () => {
    const texts = await Promise.all(
      [wrong('1003'), wrong('no-such-person')].map(async (r) => (await r).text()),
    )
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toContain('wrong-password')
  })

  it('slows an account down after failures, says how long, and lets it go on when the time has passed', async () => {
    for (let time = 0; time < 5; time++) expect(await codeOf(await wrong())).toEqual([401, 'wrong-password'])
    const slowed = await right()
    expect(slowed.status).toBe(429)
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await right('1004')).status).toBe(200)
    endpoint.clock.advance(Number(slowed.headers.get('retry-after')) * 1000)
    expect((await right()).status).toBe(200)
    expect((await wrong()).status).toBe(401)
    expect((await right()).status).toBe(200)
  })

  it('says before it slows down that it will, and then for how long, of an account that exists or not', async () => {
    const messages = async (staffNo: string) => {
      const said: string[] = []
      for (let time = 0; time < 6; time++) {
        const { error } = (await (await wrong(staffNo)).json()) as { error: { message: string } }
        said.push(error.message)
      }
      return said
    }
    const said = await messages('1003')
    const isWarned = (message: string) => message.includes('再输错就要等')
    expect(said.slice(0, 5).map(isWarned)).toEqual([false, false, false, true, true])
    expect(said[5]).toBe('试的次数多了，请过 1 秒再试。')
    expect(await messages('no-such-person')).toEqual(said)
  })

  it('doubles the wait, up to a quarter of an hour', async () => {
    const waits: number[] = []
    for (let time = 0; time < 20; time++) {
      const answer = await wrong()
      const wait = Number(answer.headers.get('retry-after') ?? 0)
      if (answer.status === 429) waits.push(wait)
      endpoint.clock.advance(wait * 1000)
    }
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
    expect(Math.max(...waits)).toBeLessThanOrEqual(15 * 60)
  })

  it('gives a volley sent at once no more tries than one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => wrong()))
    const tried = answers.filter((a) => a.status === 401).length
    expect(tried).toBeLessThanOrEqual(6)
    expect((await right()).status).toBe(429)
  })

  it('forgets the failures of a hall after an hour, so that a month of mistakes shuts nobody out', async () => {
    for (let day = 0; day < 60; day++) {
      expect((await wrong(`10${day}`)).status).toBe(401)
      endpoint.clock.advance(DAY_MS)
    }
    expect((await wrong('1004')).status).toBe(401)
    expect((await right()).status).toBe(200)
  })
})

describe('activation codes', () => {
  it('work once, however they are typed, and set the password', async () => {
    const code = await newCode('1003')
    const typed = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    expect((await activate('1003', typed)).status).toBe(200)
    expect(await codeOf(await activate('1003', code, 'another one'))).toEqual([401, 'code-invalid'])
    expect((await signIn({ staffNo: '1003', password: 'a new password' })).status).toBe(200)
  })

  it('work for one of two who use them at the same moment', async () => {
    const code = await newCode('1003')
    const answers = await Promise.all([
      activate('1003', code, 'password one'),
      activate('1003', code, 'password two'),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 401])
  })

  it('are refused when expired, of another person, replaced by a newer one, or invented', async () => {
    const old = await newCode('1003')
    const newer = await newCode('1003')
    expect((await codeOf(await activate('1003', old)))[1]).toBe('code-invalid')
    expect((await codeOf(await activate('1004', newer)))[1]).toBe('code-invalid')
    expect((await codeOf(await activate('1003', 'AAAA-BBBB-CC')))[1]).toBe('code-invalid')
    endpoint.clock.advance(15 * DAY_MS)
    expect((await codeOf(await activate('1003', newer)))[1]).toBe('code-invalid')
  })

  it('end every session that there was, because a code is asked for when a phone is lost', async () => {
    const lost = await connect(endpoint, '1003')
    const other = await connect(endpoint, '1004')
    expect((await activate('1003', await newCode('1003'))).status).toBe(200)
    expect((await lost.send('/api/session')).status).toBe(401)
    expect((await other.send('/api/session')).status).toBe(200)
  })

  it('ask for a password of a length, and are not used up by one that is too short', async () => {
    const code = await newCode('1003')
    const short = await activate('1003', code, 'short')
    expect(short.status).toBe(400)
    expect(await short.text()).toContain('newPassword')
    expect((await activate('1003', code)).status).toBe(200)
  })
})

describe('sessions', () => {
  it('come in a cookie that scripts cannot read and other sites cannot send', async () => {
    const cookie = (await right()).headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toMatch(/Secure/)
    const secure = createApp({
      ...endpoint,
      now: endpoint.clock.now,
      settings: { publicUrl: 'https://hall.example' },
    })
    const body = { staffNo: '1003', password: PASSWORD }
    expect((await signIn(body, {}, secure)).headers.get('set-cookie')).toMatch(/Secure/)
  })

  it('are stored without the token that opens them, and answers hold no hash', async () => {
    const answer = await right()
    const token = /wh_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')![1]!
    expect(JSON.stringify(await dumpTables(endpoint))).not.toContain(token)
    expect(await answer.text()).not.toMatch(/argon2|hash/i)
  })

  it('expire, end by signing out, and are not made by an invented cookie', async () => {
    const c = await connect(endpoint, '1003')
    endpoint.clock.advance(89 * DAY_MS)
    expect((await c.send('/api/session')).status).toBe(200)
    endpoint.clock.advance(2 * DAY_MS)
    expect(await codeOf(await c.send('/api/session'))).toEqual([401, 'not-signed-in'])
    const again = await connect(endpoint, '1003')
    expect((await again.send('/api/session', { method: 'DELETE' })).status).toBe(200)
    expect((await again.send('/api/session')).status).toBe(401)
    for (const cookie of ['wh_session=', 'wh_session=x', `wh_session=${'a'.repeat(5000)}`, 'other=1'])
      expect((await endpoint.app.request('/api/session', { headers: { cookie } })).status).toBe(401)
  })

  it('never give one person the device of another', async () => {
    const other = await connect(endpoint, '1004')
    const answer = await signIn({ staffNo: '1003', password: PASSWORD, deviceId: other.deviceId })
    const { deviceId } = (await answer.json()) as { deviceId: string }
    expect(deviceId).not.toBe(other.deviceId)
    const own = await signIn({ staffNo: '1003', password: PASSWORD, deviceId })
    expect(((await own.json()) as { deviceId: string }).deviceId).toBe(deviceId)
    expect((await endpoint.store.read((tx) => tx.device(other.deviceId)))?.personId).toBe(other.personId)
  })

  it('are listed to their own person only', async () => {
    const c = await connect(endpoint, '1003')
    await connect(endpoint, '1004')
    const { devices } = (await (await c.send('/api/session/devices')).json()) as { devices: { id: string }[] }
    expect(devices.map((d) => d.id)).toEqual([c.deviceId])
  })

  it('refuse a public key that is none, and enrol nothing', async () => {
    const before = await dumpTables(endpoint, ['throttles'])
    const answer = await signIn({ staffNo: '1003', password: PASSWORD, publicKey: 'AAAA' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('publicKey')
    expect(await dumpTables(endpoint, ['throttles'])).toEqual(before)
  })
})

describe('a page of another site', () => {
  const writes = [
    ['POST', '/api/session'],
    ['DELETE', '/api/session'],
    ['POST', '/api/session/device'],
    ['POST', '/api/setup'],
    ['POST', '/api/push'],
    ['POST', '/api/pull'],
    ['POST', '/api/commands/revoke-device'],
    ['PUT', `/api/blobs/${'a'.repeat(64)}?scope=org`],
  ] as const
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'http://localhost.evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ]

  it('can write nowhere, though the cookie came with it', async () => {
    const c = await connect(endpoint, '1003')
    const before = await dumpTables(endpoint)
    for (const [method, path] of writes) {
      for (const headers of foreign) {
        const answer = await c.send(path, { method, headers, body: '{}' })
        expect([method, path, headers, ...(await codeOf(answer))]).toEqual([
          method,
          path,
          headers,
          403,
          'wrong-origin',
        ])
      }
    }
    expect(await dumpTables(endpoint)).toEqual(before)
  })

  it('is told from the app itself, reached directly or under its announced address', async () => {
    const proxied = createApp({
      ...endpoint,
      now: endpoint.clock.now,
      settings: { publicUrl: 'https://hall.example' },
    })
    const body = { staffNo: '1003', password: PASSWORD }
    expect((await signIn(body, { origin: 'http://localhost' })).status).toBe(200)
    expect((await signIn(body, { 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await signIn(body, { origin: 'https://hall.example' }, proxied)).status).toBe(200)
    expect((await signIn(body, { origin: 'https://hall.example' })).status).toBe(403)
  })
})

describe('without a session', () => {
  it('nothing is reached but signing in, setting up and what is asked before', async () => {
    const paths = [
      '/api/session',
      '/api/session/devices',
      '/api/live',
      '/api/office/people',
      `/api/blobs/${'a'.repeat(64)}`,
      '/api/nothing',
      '/api/%73ession',
      '/api//session',
      '/api/about/',
    ]
    for (const path of paths)
      expect([path, ...(await codeOf(await endpoint.app.request(path)))]).toEqual([
        path,
        401,
        'not-signed-in',
      ])
    for (const path of ['/api/push', '/api/pull', '/api/commands/put-people', '/api/session/device'])
      expect((await endpoint.app.request(path, { method: 'POST', body: '{}' })).status).toBe(401)
    expect((await endpoint.app.request('/api/about')).status).toBe(200)
    expect(await (await endpoint.app.request('/api/setup')).json()).toEqual({ needed: false })
  })

  it('a set-up page that was used takes no code any more', async () => {
    const body = {
      code: 'AAAA-AAAA-AA',
      bureauName: '别的单位',
      staffNo: '7',
      name: '人',
      password: 'long enough',
    }
    const before = await dumpTables(endpoint, ['throttles'])
    const answer = await endpoint.app.request('/api/setup', { method: 'POST', body: JSON.stringify(body) })
    expect(await codeOf(answer)).toEqual([401, 'code-invalid'])
    expect(await dumpTables(endpoint, ['throttles'])).toEqual(before)
  })
})
