/** An exported meeting: who gets it, what holds in it, and that no field of it can be altered unnoticed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { verifyMeetingCommand } from '../../../src/server/operator/verify/verify-meeting.ts'
import { sealStatement } from '../../../src/shared/bundle/filed.ts'
import {
  meetingVersionFor,
  readMeetingBundle,
  type SealedMeeting,
} from '../../../src/shared/meetings/bundle/bundle.ts'
import { namedFiles } from '../../../src/shared/meetings/bundle/named-files.ts'
import { meetingHolds, verifyMeeting } from '../../../src/shared/meetings/bundle/verify.ts'
import { stepAt } from '../../../src/shared/meetings/codes/bureau-time.ts'
import { claimStatement } from '../../../src/shared/meetings/codes/roll-claim.ts'
import { personCodeStatement, sittingCodeStatement } from '../../../src/shared/meetings/codes/statements.ts'
import { correctionId, correctionStatement } from '../../../src/shared/meetings/minutes/correction.ts'
import { fixedMinutesId, minutesStatement } from '../../../src/shared/meetings/minutes/minutes.ts'
import { endpointKeyId } from '../../../src/shared/org/endpoint-key.ts'
import type { JsonObject, JsonValue } from '../../../src/shared/sync/json.ts'
import { fileScope } from '../../../src/shared/sync/scopes.ts'
import { meetingKindId } from '../../../src/server/commands/make-bureau.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { utf8 } from '../../support/files/make-files.ts'
import { connectWithKey, makeDeviceKey, queueOf } from '../attack.ts'

const unitId = branchId('第一支部')
const [chair, recorder] = ['1001', '1003'].map(personIdOf) as [string, string]
const MEETING = 'filed-meeting'
const MINUTES = fixedMinutesId(MEETING)
const RULE = { comparator: '>', part: [1, 2], base: 'voters', article: '第十一条', toBeChecked: true }

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await hold()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function offer(staffNo: string, type: string, id: string, fields: object) {
  const queue = await queueOf(endpoint, staffNo)
  const outcome = await queue.offer({ type, id, fields: fields as JsonObject })
  expect([type, outcome.status, outcome.code]).toEqual([type, 'accepted', undefined])
}

/** A roll of five, a vote, minutes of the recorder confirmed by the chair's device, a correction likewise. */
async function hold(): Promise<void> {
  await endpoint.put('meeting', MEETING, {
    unitId,
    kindId: meetingKindId('支部党员大会'),
    title: '支部党员大会',
    date: '2026-11-23',
    sittings: [{ id: 's1', name: '晚班场', startsAt: MONDAY, place: '三楼' }],
    chairId: chair,
    recorderId: recorder,
  })
  for (const [at, staffNo] of ['1001', '1002', '1003', '1004', '1005'].entries())
    // As an older version of the app marked: without the fields that came since.
    await endpoint.put('roll-mark', `mark-${at}`, {
      unitId,
      meetingId: MEETING,
      sittingId: 's1',
      personId: personIdOf(staffNo),
      name: staffNo,
      state: staffNo === '1005' ? 'absent' : 'present',
      method: 'tap',
      markedBy: chair,
    })
  await offer('1001', 'resolution', 'vote', {
    unitId,
    meetingId: MEETING,
    sittingId: 's1',
    motion: '同意转正',
    secret: true,
    inFavour: 3,
    against: 0,
    abstained: 0,
    expected: 6,
    present: 4,
    votersExpected: 5,
    votersPresent: 3,
    quorum: { ...RULE, comparator: '>=' },
    passing: RULE,
    recordedBy: chair,
    recordedAt: MONDAY,
  })
  const proposal = { unitId, meetingId: MEETING, title: '支部党员大会', keeperId: chair, writerId: recorder }
  const sha256 = await endpoint.putFile(utf8('签到'), 'text/plain', fileScope(unitId, recorder))
  const files = [{ sha256, name: '签到表.txt', mime: 'text/plain', sizeBytes: 6 }]
  const words = { body: '议定两项。', files, proposedAt: MONDAY }
  await offer('1003', 'minutes-proposal', 'p1', { ...proposal, ...words, about: 'minutes' })
  await offer('1003', 'minutes-proposal', 'c1', {
    ...proposal,
    about: 'correction',
    body: '第二项应为两周内完成。',
    why: '笔误',
    proposedAt: MONDAY,
  })
  const { keyId, key } = await connectWithKey(endpoint, '1001')
  const confirmed = {
    unitId,
    meetingId: MEETING,
    title: '支部党员大会',
    writerId: recorder,
    confirmedBy: chair,
  }
  const fixed = {
    ...confirmed,
    stage: 'fixed' as const,
    body: words.body,
    files,
    proposalId: 'p1',
    confirmedAt: MONDAY,
    facts: null,
    keyId,
    deviceSignature: null,
  }
  await offer('1001', 'minutes', MINUTES, {
    ...fixed,
    deviceSignature: await key.sign(minutesStatement(fixed)),
  })
  const corrected = {
    ...confirmed,
    minutesId: MINUTES,
    what: '第二项应为两周内完成。',
    why: '笔误',
    proposalId: 'c1',
    confirmedAt: MONDAY,
    keyId,
  }
  await offer('1001', 'minutes-correction', correctionId('c1'), {
    ...corrected,
    deviceSignature: await key.sign(correctionStatement(corrected)),
  })
}

const ask = async (staffNo: string) =>
  (await queueOf(endpoint, staffNo)).send(`/api/office/meeting-bundle?meetingId=${MEETING}`)
const exported = async (): Promise<SealedMeeting> => (await (await ask('1001')).json()) as SealedMeeting
const known = async () =>
  new Set((await endpoint.store.read((tx) => tx.records({ types: ['endpoint-key'] }))).map(({ id }) => id))
async function verify(raw: unknown) {
  const read = readMeetingBundle(raw)
  return read.ok ? await verifyMeeting(read, signatureHolds, await known()) : null
}

it('is given to officers of the unit and the office, and to nobody else', async () => {
  expect((await ask('1001')).status).toBe(200)
  expect((await ask('9001')).status).toBe(200)
  for (const staffNo of ['1003', '1002', '2001']) expect((await ask(staffNo)).status).toBe(404)
})

it('is noted for the office before it leaves: who, which meeting, of which unit; not where nothing left', async () => {
  await ask('1002')
  await ask('1001')
  await ask('9001')
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['circulation-export'] }))
  const notes = rows.map(({ scope, fields }) => ({ scope, ...(JSON.parse(fields) as JsonObject) }))
  const note = {
    scope: 'desk:root',
    kind: 'meeting',
    title: '支部党员大会',
    unitName: '第一支部',
    year: '2026',
  }
  expect(notes).toHaveLength(2)
  expect(notes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...note, exportedBy: chair, name: '陈静' }),
      expect.objectContaining({ ...note, exportedBy: personIdOf('9001') }),
    ]),
  )
})

it('holds: roll, vote, minutes, correction; marks of an older version too', async () => {
  const verdict = (await verify(await exported()))!
  expect(verdict).toMatchObject({
    seal: 'holds',
    figures: { expected: 6, present: 4, absent: 1, unmarked: 1, votersExpected: 5, votersPresent: 3 },
    votes: [{ answer: { outcome: 'carried' }, findings: [] }],
    confirmed: [
      { about: 'minutes', confirmedBy: '陈静', isSigned: true, findings: [] },
      { about: 'correction', isSigned: true, findings: [] },
    ],
  })
  expect(meetingHolds(verdict)).toBe(true)
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
  const leaf = at[path.at(-1)!]
  if (typeof leaf === 'number') at[path.at(-1)!] = leaf + 1
  else if (typeof leaf === 'boolean') at[path.at(-1)!] = !leaf
  else if (typeof leaf === 'string' && leaf !== '')
    at[path.at(-1)!] = (leaf.startsWith('a') ? 'b' : 'a') + leaf.slice(1)
  else at[path.at(-1)!] = 'x'
  return copy
}

describe('an altered file', () => {
  it('is noticed by its seal, whatever leaf it is', async () => {
    const bundle = await exported()
    const leaves = leavesOf(bundle as unknown as JsonValue)
    expect(leaves.length).toBeGreaterThan(150)
    for (const path of leaves) {
      const seal = (await verify(altered(bundle, path)))?.seal ?? 'unreadable'
      expect([path.join('/'), seal]).not.toEqual([path.join('/'), 'holds'])
    }
  })

  it('is noticed in minutes and corrections themselves, also where somebody seals it anew', async () => {
    const bundle = await exported()
    for (const part of ['minutes', 'corrections'] as const)
      for (const path of leavesOf(bundle[part][0]!.fields as unknown as JsonValue)) {
        const changed = altered(bundle, [part, 0, 'fields', ...path])
        const verdict = await verify(changed)
        // The reference from a correction to its minutes follows from the meeting.
        const found = verdict?.confirmed.flatMap(({ findings }) => findings) ?? ['unreadable']
        expect([part, path.join('/'), found.length > 0]).toEqual([part, path.join('/'), true])
      }
  })

  it('is not believed with a key of the forger’s', async () => {
    const bundle = await exported()
    const forger = await makeDeviceKey()
    const id = endpointKeyId(forger.publicKey)
    bundle.resolutions[0]!.fields.inFavour = 2
    bundle.endpointKeys = [
      {
        ...bundle.endpointKeys[0]!,
        id,
        fields: { ...bundle.endpointKeys[0]!.fields, publicKey: forger.publicKey },
      },
    ]
    bundle.seal = { keyId: id, signature: await forger.sign(sealStatement(bundle)) }
    expect((await verify(bundle))?.seal).toBe('unknown')
  })
})

describe('files of minutes', () => {
  it('are named with their hashes; a bundle with any says so by its version, one without is what it was', async () => {
    const bundle = await exported()
    expect(bundle.version).toBe(3)
    expect(namedFiles(bundle)).toMatchObject([{ about: 'attachment', name: '签到表.txt', sizeBytes: 6 }])
    const { files: _none, ...fields } = bundle.minutes[0]!.fields
    expect(meetingVersionFor([{ ...bundle.minutes[0]!, fields }])).toBe(2)
  })

  it('taken away, added, or put in another order, they are noticed', async () => {
    const bundle = await exported()
    const [file] = bundle.minutes[0]!.fields.files!
    const { files: _none, ...without } = bundle.minutes[0]!.fields
    const other = { ...file!, sha256: 'e'.repeat(64) }
    for (const fields of [without, { ...without, files: [file!, other] }, { ...without, files: [other] }]) {
      const changed = { ...bundle, minutes: [{ ...bundle.minutes[0]!, fields }] }
      const verdict = (await verify(changed))!
      expect(verdict.confirmed[0]?.findings).toEqual(['signature'])
      expect(meetingHolds(verdict)).toBe(false)
    }
  })
})

describe('codes that were read', () => {
  /** 1002 held up the own code; 1004 read the sitting's, which 1007 showed and 1001 marked. */
  async function scanned(): Promise<void> {
    const [member, shower, reader] = [
      await connectWithKey(endpoint, '1002'),
      await connectWithKey(endpoint, '1007'),
      await connectWithKey(endpoint, '1004'),
    ]
    const step = stepAt(endpoint.clock.now())
    const signature = await shower.key.sign(sittingCodeStatement('s1', step))
    const words = { unitId, meetingId: MEETING, meetingTitle: '支部党员大会', sittingId: 's1' }
    const whom = { personId: personIdOf('1004'), name: '1004', shownBy: personIdOf('1007') }
    const read = { keyId: shower.keyId, step, signature, readerKeyId: reader.keyId }
    const claim = { ...words, ...whom, ...read }
    const queue = await queueOf(endpoint, '1004')
    const send = (id: string, fields: JsonObject) => queue.offer({ type: 'roll-claim', id, fields })
    const readerSignature = await reader.key.sign(claimStatement(claim))
    // With a signature of somebody else's phone over it, nothing arrives.
    const foreign = await member.key.sign(claimStatement(claim))
    expect(await send('c0', { ...claim, readerSignature: foreign })).toMatchObject({ code: 'bad-signature' })
    expect(await send('c1', { ...claim, readerSignature })).toMatchObject({ status: 'accepted' })
    const mark = {
      unitId,
      meetingId: MEETING,
      sittingId: 's1',
      state: 'present',
      method: 'scan',
      markedBy: chair,
    }
    await offer('1001', 'roll-mark', 'by-claim', {
      ...mark,
      personId: personIdOf('1004'),
      name: '赵磊',
      proof: { keyId: shower.keyId, step, signature, claimId: 'c1' },
      supersedes: ['mark-3'],
    })
    const own = await member.key.sign(personCodeStatement(personIdOf('1002'), step))
    await offer('1001', 'roll-mark', 'by-code', {
      ...mark,
      personId: personIdOf('1002'),
      name: '李明',
      proof: { keyId: member.keyId, step, signature: own, claimId: null },
      supersedes: ['mark-1'],
    })
  }

  it('hold, with the keys of all who signed and the words of who read', async () => {
    await scanned()
    const bundle = await exported()
    expect(bundle.claims).toMatchObject([{ id: 'c1', author: personIdOf('1004') }])
    const verdict = (await verify(bundle))!
    expect(verdict.codes).toEqual({ hold: 2, fail: [] })
    expect(meetingHolds(verdict)).toBe(true)
  })

  it('whatever is altered in a claim or in the mark that rests on it is told by name, and the other code holds', async () => {
    await scanned()
    const bundle = await exported()
    const at = bundle.marks.findIndex(({ id }) => id === 'by-claim')
    const leaves = [
      ...leavesOf(bundle.claims![0]!.fields as unknown as JsonValue).map((path) => [
        'claims',
        0,
        'fields',
        ...path,
      ]),
      ['claims', 0, 'id'],
      ['claims', 0, 'author'],
      ...leavesOf(bundle.marks[at]!.fields.proof as unknown as JsonValue).map((path) => [
        'marks',
        at,
        'fields',
        'proof',
        ...path,
      ]),
      ...['unitId', 'meetingId'].map((path) => ['marks', at, 'fields', path]),
    ]
    expect(leaves.length).toBeGreaterThan(18)
    for (const path of leaves) {
      const codes = (await verify(altered(bundle, path)))?.codes
      expect([path.join('/'), codes?.hold, codes?.fail.length]).toEqual([path.join('/'), 1, 1])
      expect(codes!.fail[0]).toMatch(/^赵磊（.+）$/)
    }
    expect((await verify({ ...bundle, claims: [] }))?.codes.fail).toEqual(['赵磊（缺少本人的扫码记录）'])
  })

  it('a file of before claims went along is read as it was', async () => {
    await scanned()
    const { claims: _none, ...rest } = await exported()
    expect((await verify({ ...rest, version: 1 }))?.codes).toEqual({ hold: 2, fail: [] })
    expect(readMeetingBundle({ ...rest, version: 4 })).toMatchObject({ ok: false })
  })
})

it('verify-meeting says it in words, and whether it holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meeting-'))
  const said: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
  const run = async (content: string, ...atHand: string[]) => {
    said.length = 0
    writeFileSync(join(folder, 'file.json'), content)
    const words = [join(folder, 'file.json'), ...atHand]
    return verifyMeetingCommand.run({ store: endpoint.store, words } as never)
  }
  try {
    const bundle = await exported()
    expect(await run(JSON.stringify(bundle))).toBe(true)
    const text = said.join('\n')
    expect(text).toContain('封签：成立')
    expect(text).toContain('应到会有表决权 5 人，赞成 3 票，须超过 1/2，至少 3 票，通过')
    expect(text).toContain('成立    纪要，陈静')
    const { sha256 } = bundle.minutes[0]!.fields.files![0]!
    expect(text).toContain(`附件 签到表.txt，SHA-256 ${sha256}`)
    const [same, other] = ['同一份.txt', '另一份.txt'].map((name) => join(folder, name)) as [string, string]
    writeFileSync(same, '签到')
    writeFileSync(other, '签到。')
    expect(await run(JSON.stringify(bundle), same)).toBe(true)
    expect(said.join('\n')).toContain(`是      ${same}：纪要里的附件“签到表.txt”`)
    expect(await run(JSON.stringify(bundle), same, other)).toBe(false)
    expect(said.join('\n')).toContain(`不是    ${other}`)
    expect(await run(JSON.stringify(bundle), join(folder, 'nothing'))).toBe(false)
    bundle.minutes[0]!.fields.body = '议定三项。'
    expect(await run(JSON.stringify(bundle))).toBe(false)
    expect(said.join('\n')).toContain('内容与签名不符，可能被改过')
    expect(await run('{"purpose":"window-hall/circulation"}')).toBe(false)
    expect(await run('nothing')).toBe(false)
  } finally {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  }
})
