/** An exported circulation: who gets it, what holds in it, and that no field of it can be altered unnoticed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sealStatement } from '../../../src/shared/bundle/filed.ts'
import { verifyCirculationCommand } from '../../../src/server/operator/verify/verify-circulation.ts'
import { readBundle, type SealedBundle } from '../../../src/shared/circulation/bundle/bundle.ts'
import {
  countsInWords,
  standingOf,
  verifyBundle,
  type Finding,
} from '../../../src/shared/circulation/bundle/verify-bundle.ts'
import { endpointKeyId } from '../../../src/shared/org/endpoint-key.ts'
import { signOffStatement, type SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import { canonicalJson } from '../../../src/shared/sync/canonical.ts'
import type { JsonObject, JsonValue } from '../../../src/shared/sync/json.ts'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, uid } from '../../support/samples.ts'
import { connectWithKey, makeDeviceKey, queueOf } from '../attack.ts'

const member = personIdOf('1003')
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const signOffOf = (personId: string, over: Partial<SignOff> = {}): SignOff => ({
  unitId: branchId('第一支部'),
  circulationId: ground.circulation,
  documentId: uid(3),
  documentNo: '',
  changeId: null,
  supersedes: [],
  personId,
  signedBy: personId,
  revision: 1,
  sha256: ground.sha256,
  mode: 'in-person',
  signature: { kind: 'typed', name: '示例' },
  opinion: '已阅',
  signedAt: MONDAY,
  keyId: null,
  deviceSignature: null,
  ...over,
})

/** The member signs with a device key and on paper, the officer without a key. */
async function signAll() {
  const phone = await connectWithKey(endpoint, '1003')
  const plain = signOffOf(member, { keyId: phone.keyId })
  const deviceSignature = await phone.key.sign(signOffStatement(plain))
  const offer = async (staffNo: string, id: string, fields: SignOff) => {
    const queue = await queueOf(endpoint, staffNo)
    const outcome = await queue.offer({ type: 'sign-off', id, fields: fields as unknown as JsonObject })
    expect(outcome.status).toBe('accepted')
  }
  await offer('1003', 'signed-by-device', { ...plain, deviceSignature })
  await offer('1001', 'signed-without', signOffOf(personIdOf('1001')))
  const paper = { mode: 'paper', signature: { kind: 'paper' }, signedBy: personIdOf('1001') } as const
  await offer('1001', 'on-paper', signOffOf(member, paper))
  return phone
}

const ask = async (staffNo: string) =>
  await (
    await queueOf(endpoint, staffNo)
  ).send(`/api/office/circulation-bundle?circulationId=${ground.circulation}`)
async function exported(staffNo = '1001'): Promise<SealedBundle> {
  const answer = await ask(staffNo)
  const read = readBundle(await answer.text())
  if (!read.ok) throw new Error(read.sentence)
  return read.bundle
}
const known = async (): Promise<ReadonlySet<string>> => {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['endpoint-key'] }))
  return new Set(rows.map(({ id }) => id))
}
const verify = async (bundle: SealedBundle) => verifyBundle(bundle, signatureHolds, await known())
const findingsOf = async (bundle: SealedBundle): Promise<Record<string, Finding[]>> =>
  Object.fromEntries((await verify(bundle)).lines.map((line) => [line.signOffId, line.findings]))

it('goes to the office and the branch’s officers; to others it does not exist', async () => {
  for (const staffNo of ['9001', '1001']) expect((await ask(staffNo)).status).toBe(200)
  for (const staffNo of ['1003', '2001', '0001']) expect((await ask(staffNo)).status).toBe(404)
})

it('of no sign-off it says that there is none, and not that all hold', async () => {
  expect(countsInWords((await verify(await exported())).lines)).toBe('这次传阅没有签字')
})

it('holds as it was exported', async () => {
  await signAll()
  const verdict = await verify(await exported())
  expect(verdict.seal).toBe('holds')
  const told = verdict.lines.map(
    (l) => [l.signOffId, l.findings, l.hasDeviceSignature, l.receivedAt] as const,
  )
  expect(told.toSorted(([a], [b]) => (a < b ? -1 : 1))).toEqual(
    ['on-paper', 'signed-by-device', 'signed-without'].map((id) => [
      id,
      [],
      id === 'signed-by-device',
      endpoint.clock.now(),
    ]),
  )
  const stranger = await verifyBundle(await exported(), signatureHolds, new Set(['another']))
  expect(stranger.seal).toBe('unknown')
  expect((await verifyBundle(await exported(), signatureHolds, null)).seal).toBe('unknown')
})

describe('a sign-off that says what was read elsewhere', () => {
  const elsewhere = [
    { file: 0, page: 3, what: '1 处图片' },
    { file: 1, page: 0, what: '整页' },
  ]
  async function signElsewhere(): Promise<SealedBundle> {
    const phone = await connectWithKey(endpoint, '1003')
    const plain = signOffOf(member, { keyId: phone.keyId, seenElsewhere: elsewhere })
    const deviceSignature = await phone.key.sign(signOffStatement(plain))
    const queue = await queueOf(endpoint, '1003')
    const fields = { ...plain, deviceSignature } as unknown as JsonObject
    const outcome = await queue.offer({ type: 'sign-off', id: 'elsewhere', fields })
    expect(outcome.status).toBe('accepted')
    return await exported()
  }

  it('holds, in a file that an older app asks to be updated for; the others stay as they were', async () => {
    const bundle = await signElsewhere()
    expect(bundle.version).toBe(3)
    expect(bundle.signOffs[0]!.fields.seenElsewhere).toEqual(elsewhere)
    expect(await findingsOf(bundle)).toEqual({ elsewhere: [] })
    expect(readBundle(JSON.stringify({ ...bundle, version: 4 }))).toEqual({
      ok: false,
      sentence: '这份文件由更新的版本导出，请先更新应用再核对。',
    })
  })

  it('is noticed when any of it is altered or taken away', async () => {
    const bundle = await signElsewhere()
    const paths = leavesOf(elsewhere as unknown as JsonValue)
    expect(paths).toHaveLength(6)
    const changed = paths.map((path) => altered(bundle, ['signOffs', 0, 'fields', 'seenElsewhere', ...path]))
    const without = structuredClone(bundle)
    delete without.signOffs[0]!.fields.seenElsewhere
    for (const one of [...changed, without])
      expect(await findingsOf(one)).toEqual({ elsewhere: ['device-signature', 'countersignature-content'] })
  })

  it('one that was exported without any is of the first version', async () => {
    await signAll()
    expect((await exported()).version).toBe(1)
  })
})

/** Every leaf of a value, as its path. */
function leavesOf(value: JsonValue, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, inner]) => leavesOf(inner as JsonValue, [...path, key]))
}

function altered<T>(value: T, path: readonly (string | number)[]): T {
  const copy = structuredClone(value)
  let at = copy as unknown as Record<string | number, JsonValue>
  for (const key of path.slice(0, -1)) at = at[key] as unknown as typeof at
  const last = path.at(-1)!
  const leaf = at[last]
  if (typeof leaf === 'number') at[last] = leaf + 1
  else if (typeof leaf === 'boolean') at[last] = !leaf
  // Another letter of the same kind, so that it can still be read.
  else if (typeof leaf === 'string' && leaf !== '')
    at[last] = (leaf.startsWith('a') ? 'b' : 'a') + leaf.slice(1)
  else at[last] = 'x'
  return copy
}

/** As the text of a file would be read. null: it is not even read. */
function reread(bundle: SealedBundle): SealedBundle | null {
  const read = readBundle(JSON.stringify(bundle))
  return read.ok ? read.bundle : null
}

describe('an altered file', () => {
  it('is noticed by its seal, whatever field it is', async () => {
    await signAll()
    const bundle = await exported()
    const leaves = leavesOf(bundle as unknown as JsonValue)
    expect(leaves.length).toBeGreaterThan(100)
    for (const path of leaves) {
      const changed = reread(altered(bundle, path))
      const seal = changed === null ? 'unreadable' : (await verify(changed)).seal
      expect([path.join('/'), seal]).not.toEqual([path.join('/'), 'holds'])
    }
  })

  it('is noticed in the sign-off itself, also where somebody seals it anew', async () => {
    await signAll()
    const bundle = await exported()
    for (const [n, signOff] of bundle.signOffs.entries()) {
      for (const path of leavesOf(signOff.fields as unknown as JsonValue)) {
        const changed = reread(altered(bundle, ['signOffs', n, 'fields', ...path]))
        if (changed === null) continue
        const findings = (await findingsOf(changed))[signOff.id]!
        expect([path.join('/'), findings.length > 0]).toEqual([path.join('/'), true])
      }
    }
  })

  it('is not believed with a key of the forger’s, though it seals and countersigns everything anew', async () => {
    await signAll()
    const bundle = await exported()
    const forger = await makeDeviceKey()
    const id = endpointKeyId(forger.publicKey)
    bundle.signOffs[0]!.fields.opinion = '同意（示例）'
    const key = {
      ...bundle.endpointKeys[0]!,
      id,
      fields: { ...bundle.endpointKeys[0]!.fields, publicKey: forger.publicKey },
    }
    bundle.endpointKeys = [key]
    bundle.seal = { keyId: id, signature: await forger.sign(sealStatement(bundle)) }
    expect((await verify(bundle)).seal).toBe('unknown')
    // Under the name of the real key.
    bundle.endpointKeys = [{ ...key, id: [...(await known())][0]! }]
    bundle.seal = { keyId: bundle.endpointKeys[0]!.id, signature: await forger.sign(sealStatement(bundle)) }
    expect((await verify(bundle)).seal).toBe('broken')
  })

  it('is noticed where a receipt or a sign-off is taken away', async () => {
    await signAll()
    const bundle = await exported()
    const withoutReceipts = { ...bundle, countersignatures: [] }
    expect(Object.values(await findingsOf(withoutReceipts)).flat()).toEqual([
      'uncountersigned',
      'uncountersigned',
      'uncountersigned',
    ])
    const { lines } = await verify(withoutReceipts)
    expect(lines.map(standingOf)).toEqual(['unproved', 'unproved', 'unproved'])
    expect(countsInWords(lines)).toBe('共 3 个签字，0 个成立，3 个没有回执、不能证明')
    expect((await verify({ ...bundle, signOffs: bundle.signOffs.slice(1) })).seal).toBe('broken')
  })
})

it('a key that was revoked afterwards speaks for what had arrived, and for nothing later', async () => {
  const phone = await signAll()
  endpoint.clock.advance(60_000)
  const other = await queueOf(endpoint, '1003')
  const deviceId = phone.connection.deviceId
  expect((await other.post('/api/commands/revoke-device', { id: 'revoke-1', deviceId })).status).toBe(200)
  const bundle = await exported()
  expect((await findingsOf(bundle))['signed-by-device']).toEqual([])
  const revocation = bundle.deviceKeys.find(({ fields }) => fields.revokedAt != null)!
  expect(revocation).toBeDefined()
  revocation.fields.revokedAt = MONDAY - 1
  expect((await findingsOf(bundle))['signed-by-device']).toContain('key-revoked')
})

describe('verify-circulation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wh-bundle-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  async function run(words: string[]) {
    const said: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
    const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
    const { store, blobs } = endpoint
    const context = {
      store,
      blobs,
      words,
      options: {},
      flags: new Set<string>(),
      dataDir: folder,
      now: MONDAY,
    }
    const done = await verifyCirculationCommand.run(context)
    log.mockRestore()
    error.mockRestore()
    return { done, said: said.join('\n') }
  }
  const inFile = (name: string, bundle: SealedBundle): string => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(bundle))
    return path
  }

  it('names each sign-off and whether it holds, and ends well only when all do', async () => {
    await signAll()
    const bundle = await exported()
    const whole = await run([inFile('whole.json', bundle)])
    expect(whole.done).toBe(true)
    expect(whole.said).toContain('封签：成立')
    expect(whole.said).toContain('共 3 个签字，全部成立。')
    expect(whole.said).toMatch(/成立 +王芳，第 1 版，纸质补录/)
    bundle.signOffs[0]!.fields.opinion = '不同意'
    const changed = await run([inFile('changed.json', bundle)])
    expect(changed.done).toBe(false)
    expect(changed.said).toContain('封签：不成立，文件在导出后被改过。')
    expect(changed.said).toMatch(/不成立 .*可能被改过/)
    expect(changed.said).toContain('不能证明签字齐全；共 3 个签字，2 个成立，1 个不成立。')
    const fewer = await exported()
    fewer.signOffs.pop()
    const { done, said } = await run([inFile('fewer.json', fewer)])
    expect(done).toBe(false)
    expect(said.trim().split('\n').at(-1)).toBe('封签不成立，不能证明签字齐全；共 2 个签字，全部成立。')
  })

  it('says in Chinese alone what of a file it cannot read', async () => {
    await signAll()
    for (const [field, value] of [
      ['mode', 'by-proxy'],
      ['signedAt', 'today'],
      ['sha256', 'x'],
    ] as const) {
      const bundle = await exported()
      Object.assign(bundle.signOffs[0]!.fields, { [field]: value })
      const { done, said } = await run([inFile('unread.json', bundle)])
      expect(done).toBe(false)
      expect(said).toContain('读不懂，可能被改过')
      expect(said.replace(/（\S+ sign-off [\w-]+，\w+：/, '（')).not.toMatch(/[A-Za-z]/)
    }
  })

  it('refuses in one sentence what it cannot check', async () => {
    writeFileSync(join(folder, 'no.json'), '{"half":')
    for (const [words, sentence] of [
      [[], '请给出一个要核对的文件'],
      [[join(folder, 'gone.json')], '打不开文件'],
      [[folder], '打不开文件'],
      [[join(folder, 'no.json')], '没有下载完整'],
    ] as const) {
      const { done, said } = await run([...words])
      expect(done).toBe(false)
      expect(said).toContain(sentence)
      expect(said.split('\n')).toHaveLength(1)
    }
  })
})

it('says what is wrong with a file that is none', () => {
  const sentence = (text: string) => {
    const read = readBundle(text)
    return read.ok ? '' : read.sentence
  }
  expect(sentence('{"purpose":')).toContain('没有下载完整')
  expect(sentence('null')).toContain('不是传阅核对文件')
  expect(sentence('{"purpose":"else"}')).toContain('不是传阅核对文件')
  expect(sentence('{"purpose":"window-hall/circulation","version":4}')).toContain('更新应用')
  expect(sentence('{"purpose":"window-hall/circulation","version":1}')).toContain('读不懂')
  expect(canonicalJson(null)).toBe('null')
})
