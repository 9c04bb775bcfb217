/** Substitutes and settlements in an exported circulation: who signed for whom is named, checked, and kept. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readBundle, type SealedBundle } from '../../../src/shared/circulation/bundle/bundle.ts'
import { verifyBundle } from '../../../src/shared/circulation/bundle/verify-bundle.ts'
import { sheetOf } from '../../../src/shared/circulation/sheet.ts'
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'
import type { JsonObject } from '../../../src/shared/sync/json.ts'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { branchId, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, uid } from '../../support/samples.ts'
import { queueOf, type Queue } from '../attack.ts'

const [first, member, officer, substitute] = [
  branchId('第一支部'),
  personIdOf('1003'),
  personIdOf('1001'),
  personIdOf('1004'),
]
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
let secretary: Queue
let zhao: Queue
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
  secretary = await queueOf(endpoint, '1001')
  zhao = await queueOf(endpoint, '1004')
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const change = (over: JsonObject): JsonObject => ({
  unitId: first,
  circulationId: ground.circulation,
  personId: member,
  name: '王芳',
  change: 'substitute',
  substituteId: substitute,
  substituteName: '赵磊',
  reason: '借调外单位',
  supersedes: [],
  ...over,
})
const signOff = (over: Partial<SignOff>): JsonObject =>
  ({
    unitId: first,
    circulationId: ground.circulation,
    documentId: uid(3),
    personId: member,
    signedBy: substitute,
    revision: 1,
    sha256: ground.sha256,
    mode: 'substitute',
    signature: { kind: 'typed', name: '赵磊' },
    opinion: '',
    signedAt: endpoint.clock.now(),
    changeId: 'named',
    keyId: null,
    deviceSignature: null,
    ...over,
  }) as unknown as JsonObject
const offer = async (by: Queue, type: string, id: string, fields: JsonObject) => {
  const { status, code } = await by.offer({ type, id, fields })
  return status === 'accepted' ? status : code
}
async function exported(): Promise<SealedBundle> {
  const answer = await secretary.send(`/api/office/circulation-bundle?circulationId=${ground.circulation}`)
  const read = readBundle(await answer.text())
  if (!read.ok) throw new Error(read.sentence)
  return read.bundle
}
const linesOf = async (bundle: SealedBundle) => (await verifyBundle(bundle, signatureHolds, null)).lines

it('refuses a substitute of another person or circulation, one who names themself, and one who left', async () => {
  expect(await offer(zhao, 'sign-off', 's0', signOff({ changeId: null }))).toBe('forbidden')
  expect(await offer(secretary, 'recipient-change', 'self', change({ substituteId: officer }))).toBe(
    'forbidden',
  )
  expect(await offer(secretary, 'recipient-change', 'named', change({}))).toBe('accepted')
  const forOther = signOff({ personId: officer })
  expect(await offer(zhao, 'sign-off', 's1', forOther)).toBe('forbidden')
  const byOther = await queueOf(endpoint, '1002')
  expect(await offer(byOther, 'sign-off', 's2', signOff({ signedBy: personIdOf('1002') }))).toBe('forbidden')
  // Another circulation of the same branch: the change speaks of this one.
  expect(await offer(zhao, 'sign-off', 's3', signOff({ circulationId: uid(69) }))).not.toBe('accepted')
  const membership = {
    personId: substitute,
    unitId: first,
    name: '赵磊',
    memberKind: 'full',
    votingRight: true,
    primary: true,
  }
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['membership'], person: substitute }))
  for (const { id, fields } of rows)
    if ((JSON.parse(fields) as { unitId: string }).unitId === first)
      await endpoint.put('membership', id, { ...membership, from: '2026-01-01', to: '2026-11-10' })
  expect(await offer(zhao, 'sign-off', 's4', signOff({}))).toBe('forbidden')
})

it('refuses one for a recalled circulation that was signed after the recall, and after the substitution was ended', async () => {
  await offer(secretary, 'recipient-change', 'named', change({}))
  const before = endpoint.clock.now() + 1000
  endpoint.clock.advance(60_000)
  const ended = change({ change: 'restore', substituteId: null, supersedes: ['named'] })
  expect(await offer(secretary, 'recipient-change', 'ended', ended)).toBe('accepted')
  endpoint.clock.advance(60_000)
  expect(await offer(zhao, 'sign-off', 's1', signOff({}))).toBe('frozen')
  expect(await offer(zhao, 'sign-off', 's2', signOff({ signedAt: before }))).toBe('accepted')
  expect((await linesOf(await exported())).map((l) => l.findings)).toEqual([[]])
})

it('names both in sheet and verification, and holds only while the file says who named whom', async () => {
  await offer(secretary, 'recipient-change', 'named', change({}))
  expect(await offer(zhao, 'sign-off', 's1', signOff({}))).toBe('accepted')
  const bundle = await exported()
  expect(bundle.version).toBe(1)
  const [line] = await linesOf(bundle)
  expect([line!.name, line!.actedBy, line!.fields.mode, line!.findings]).toEqual([
    '王芳',
    '赵磊',
    'substitute',
    [],
  ])
  const row = sheetOf(bundle).rows.find(({ personId }) => personId === member)!
  expect([row.state, row.actedBy.get('s1')]).toEqual(['signed', '赵磊'])
  const findings = async (alter: (b: SealedBundle) => void) => {
    const copy = structuredClone(bundle)
    alter(copy)
    return (await linesOf(copy))[0]!.findings
  }
  expect(await findings((b) => (b.changes = []))).toContain('not-by-person')
  expect(await findings((b) => (b.changes[0]!.author = substitute))).toContain('substitute-ended')
  expect(await findings((b) => (b.changes[0]!.fields.substituteId = officer))).toContain('not-by-person')
})

it('keeps the own hand and the paper, and carries the officer’s settlement; any other version is noticed', async () => {
  const own = await queueOf(endpoint, '1003')
  const inPerson = signOff({
    mode: 'in-person',
    signedBy: member,
    changeId: null,
    signature: { kind: 'typed', name: '王芳' },
  })
  expect(await offer(own, 'sign-off', 'own', inPerson)).toBe('accepted')
  const paper = signOff({
    mode: 'paper',
    signedBy: officer,
    changeId: null,
    signature: { kind: 'paper' },
    opinion: '请抓落实',
  })
  expect(await offer(secretary, 'sign-off', 'paper', paper)).toBe('accepted')
  expect((await linesOf(await exported())).map((l) => l.beside)).toEqual(['open', 'open'])

  const settled: JsonObject = {
    unitId: first,
    circulationId: ground.circulation,
    personId: member,
    name: '王芳',
    revision: 1,
    countsId: 'paper',
    besideIds: ['own'],
    settledBy: officer,
    settledByName: '陈静',
    reason: '意见写在纸上',
  }
  expect(await offer(own, 'sign-off-settlement', 'x0', { ...settled, settledBy: member })).toBe('forbidden')
  const before = sheetOf(await exported()).code
  expect(await offer(secretary, 'sign-off-settlement', 'x1', settled)).toBe('accepted')
  const bundle = await exported()
  expect([bundle.version, bundle.settlements?.length]).toEqual([2, 1])
  const told = Object.fromEntries((await linesOf(bundle)).map((l) => [l.signOffId, [l.beside, l.findings]]))
  expect(told).toEqual({ own: ['kept', []], paper: ['counts', []] })
  const { rows, code } = sheetOf(bundle)
  expect(code).not.toBe(before)
  const { standing } = rows.find(({ personId }) => personId === member)!
  expect([standing.counts?.id, standing.beside.map(({ id }) => id)]).toEqual(['paper', ['own']])

  const changed = structuredClone(bundle)
  changed.settlements![0]!.fields.countsId = 'own'
  expect((await verifyBundle(changed, signatureHolds, null)).seal).toBe('broken')
  const taken = structuredClone(bundle)
  delete taken.settlements
  expect((await verifyBundle(taken, signatureHolds, null)).seal).toBe('broken')
})

it('takes what was signed for another into the signer’s own file only beside the sign-off itself', async () => {
  await offer(secretary, 'recipient-change', 'named', change({}))
  const copy: JsonObject = {
    unitId: first,
    personId: substitute,
    circulationId: ground.circulation,
    signOffId: 's1',
    forPersonId: member,
    forName: '王芳',
    revision: 1,
    sha256: ground.sha256,
    signedAt: endpoint.clock.now(),
  }
  expect((await zhao.offer({ type: 'signed-for', id: 'c0', fields: copy })).status).toBe('deferred')
  expect(await offer(zhao, 'sign-off', 's1', signOff({}))).toBe('accepted')
  expect(await offer(zhao, 'signed-for', 'c1', { ...copy, forPersonId: officer })).toBe('forbidden')
  expect(await offer(zhao, 'signed-for', 'c2', copy)).toBe('accepted')
  const other = await queueOf(endpoint, '1002')
  expect(await offer(other, 'signed-for', 'c3', { ...copy, personId: personIdOf('1002') })).toBe('forbidden')
})
