/**
 * Codes between phones that have long had no network, whose clocks are wrong, whose keys were stopped, whose owner moved: what
 * the officer's phone says at the spot, what arrives at the endpoint, and what can be checked there afterwards.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readKeys } from '../../src/client/features/me/devices/useKeys.ts'
import { claimSitting } from '../../src/client/features/meetings/codes/claim/claim-sitting.ts'
import { makeCode, readOwnKey } from '../../src/client/features/meetings/codes/own-code.ts'
import { readCode } from '../../src/client/features/meetings/codes/scan/read-world.ts'
import { readShownSitting } from '../../src/client/features/meetings/codes/show/read-claims.ts'
import { readContact } from '../../src/client/features/meetings/codes/bureau-now.ts'
import { readRoll } from '../../src/client/features/meetings/model/read-meetings.ts'
import { createRollActs } from '../../src/client/features/meetings/roll/roll-acts.ts'
import { checkSignature } from '../../src/client/storage/keys/check-signature.ts'
import { writeRecord } from '../../src/server/commands/write-record.ts'
import { startHousekeeping } from '../../src/server/commands/upkeep/housekeeping.ts'
import { createBureauClock, stepAt } from '../../src/shared/meetings/codes/bureau-time.ts'
import { checkProof } from '../../src/shared/meetings/codes/check-proof.ts'
import type { CodeAnswer } from '../../src/shared/meetings/codes/check-person-code.ts'
import type { CodeKind } from '../../src/shared/meetings/codes/text/code-text.ts'
import { rollLines } from '../../src/shared/meetings/roll.ts'
import type { RollClaim } from '../../src/shared/meetings/codes/roll-claim.ts'
import type { RollMark } from '../../src/shared/meetings/roll-mark.ts'
import { isKey, keyRevokedAt, type DeviceKey } from '../../src/shared/org/device-key.ts'
import type { Membership } from '../../src/shared/org/membership.ts'
import {
  branchId,
  createManualClock,
  personIdOf,
  setupEndpoint,
  type TestEndpoint,
} from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround, uid } from '../support/samples.ts'

const DAY = 86_400_000
const MEETING = uid(4)
const SITTING = uid(40)
const first = branchId('第一支部')

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
  await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

/** All signed in before the first pulls, so that each has the keys of the others. */
async function phonesOf(...people: (string | [string, { now: () => number }])[]): Promise<JourneyPhone[]> {
  const phones: JourneyPhone[] = []
  for (const one of people) {
    const [staffNo, clock] = typeof one === 'string' ? [one, undefined] : one
    phones.push(await setupPhone(endpoint, staffNo, clock === undefined ? {} : { clock }))
  }
  for (const each of phones) await each.sync()
  return phones
}
/** The app is opened: no even time is remembered from before. */
async function bureauNow({ phone }: JourneyPhone): Promise<number> {
  return createBureauClock(phone.now, phone.now, await readContact(phone)).now()
}
async function show(p: JourneyPhone, kind: CodeKind, subjectId: string): Promise<string> {
  const key = await readOwnKey(p.phone)
  if (key.state !== 'usable') throw new Error(key.state)
  const step = stepAt(await bureauNow(p))
  return (await makeCode(p.phone, kind, subjectId, { publicKey: key.publicKey, step }))!
}
const myCode = (p: JourneyPhone): Promise<string> => show(p, 'person', p.session.person.id)
const read = async (officer: JourneyPhone, code: string, meeting = MEETING): Promise<CodeAnswer> =>
  (await readCode(officer.phone, meeting, code, await bureauNow(officer)))!

async function mark(officer: JourneyPhone, answer: CodeAnswer): Promise<number> {
  if (answer.type === 'refused') throw new Error(answer.reason)
  const ground = { method: 'scan' as const, proof: answer.proof }
  const byHand = answer.type === 'hand' ? { byHand: answer.reason } : {}
  return await createRollActs(officer.phone, { meetingId: MEETING, sittingId: SITTING, unitId: first }).mark([
    { person: answer.person, state: 'present', ground: { ...ground, ...byHand } },
  ])
}
const online = async (...phones: JourneyPhone[]): Promise<void> => {
  for (const p of phones) p.line.online = true
  for (const p of [...phones, ...phones]) await p.sync()
}
async function stored<T>(type: string) {
  const rows = await endpoint.store.read((tx) => tx.records({ types: [type] }))
  return rows.map((row) => ({ id: row.id, fields: JSON.parse(row.fields) as T }))
}
/** As an archive checks it: from what the endpoint has. */
async function proofOf(fields: RollMark) {
  return await checkProof(fields, await stored<DeviceKey>('device-key'), checkSignature)
}
const revoke = (p: JourneyPhone, deviceId: string) =>
  p.fetch('/api/commands/revoke-device', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: `revoke-${deviceId}`.slice(0, 64), deviceId }),
  })

it('both phones have had no network for 40 days: the code is good, and its proof holds when all has arrived', async () => {
  const [member, officer] = await phonesOf('1003', '1001')
  member!.line.online = officer!.line.online = false
  endpoint.clock.advance(40 * DAY)
  await member!.reopen()
  const answer = await read(officer!, await myCode(member!))
  expect(answer).toMatchObject({ type: 'good', person: { name: '王芳' } })
  expect(await mark(officer!, answer)).toBe(1)
  // Held up twice: one person is one.
  expect(await mark(officer!, await read(officer!, await myCode(member!)))).toBe(0)
  await online(member!, officer!)
  const [{ fields } = { fields: undefined }] = await stored<RollMark>('roll-mark')
  expect(fields).toMatchObject({ personId: personIdOf('1003'), method: 'scan', state: 'present' })
  expect(await proofOf(fields!)).toBe('holds')
  // And the member's own phone has the mark, which says that it is done.
  expect(await member!.phone.db.records('roll-mark').count()).toBe(1)
})

it('clocks wrong by days, but even: both phones know the bureau’s time', async () => {
  const ahead = { now: () => endpoint.clock.now() + 3 * DAY }
  const behind = { now: () => endpoint.clock.now() - 5 * DAY }
  const [member, officer] = await phonesOf(['1003', ahead], ['1001', behind])
  member!.line.online = officer!.line.online = false
  endpoint.clock.advance(DAY)
  expect((await read(officer!, await myCode(member!))).type).toBe('good')
})

it('a clock that was changed without network: the code is of another day, counts by hand alone, and says so for ever', async () => {
  const clock = createManualClock(endpoint.clock.now())
  const [member, officer] = await phonesOf(['1003', clock], '1001')
  member!.line.online = officer!.line.online = false
  clock.advance(3 * DAY)
  const answer = await read(officer!, await myCode(member!))
  expect(answer).toMatchObject({ type: 'hand', reason: 'from-future', person: { name: '王芳' } })
  await mark(officer!, answer)
  await online(officer!)
  const [row] = await stored<RollMark>('roll-mark')
  expect(row?.fields).toMatchObject({ method: 'scan', byHand: 'from-future' })
  expect(await proofOf(row!.fields)).toBe('holds')
})

it('yesterday’s screenshot', async () => {
  const [member, officer] = await phonesOf('1003', '1001')
  const picture = await myCode(member!)
  endpoint.clock.advance(DAY)
  expect(await read(officer!, picture)).toMatchObject({ type: 'hand', reason: 'expired', byMs: DAY - 30_000 })
})

it('a stopped key: refused where that is known, told by the archive where it was not', async () => {
  const [lost, other, officer] = await phonesOf('1003', '1003', '1001')
  const offline = (await phonesOf('1007'))[0]!
  const before = await myCode(lost!)
  offline.line.online = false
  lost!.line.online = false
  endpoint.clock.advance(60_000)
  expect((await revoke(other!, lost!.session.deviceId)).status).toBe(200)
  await officer!.sync()
  endpoint.clock.advance(60_000)
  const after = await myCode(lost!)
  expect(await read(officer!, after)).toMatchObject({ type: 'refused', reason: 'key-stopped' })
  // Shown before it was stopped, and still in its ten minutes.
  expect((await read(officer!, before)).type).toBe('good')
  // The other phone of the same person is not concerned.
  expect((await read(officer!, await myCode(other!))).type).toBe('good')

  const unaware = await read(offline, after)
  expect(unaware.type).toBe('good')
  await mark(offline, unaware)
  await online(offline)
  const [row] = await stored<RollMark>('roll-mark')
  expect(offline.phone.delivery.summary.value.attention).toBe(0)
  expect(await proofOf(row!.fields)).toBe('stopped')
})

describe('a member who moved yesterday', () => {
  const second = branchId('第二支部')
  const moved = uid(901)
  /** 王芳, and the same meeting at the branch to which she went. */
  async function move(put = endpoint.put): Promise<void> {
    const [row] = (await stored<Membership>('membership')).filter(
      ({ fields }) => fields.personId === personIdOf('1003') && fields.unitId === first,
    )
    await put('membership', row!.id, { ...row!.fields, to: '2026-11-22' })
    await put('membership', uid(900), { ...row!.fields, unitId: second, from: '2026-11-22', to: null })
    const meeting = (await stored<{ unitId: string }>('meeting')).find(({ id }) => id === MEETING)!
    await endpoint.put('meeting', moved, { ...meeting.fields, unitId: second } as never)
  }
  const keysOf = async (unitId: string) =>
    (await stored<DeviceKey>('device-key')).filter(
      ({ fields }) => fields.personId === personIdOf('1003') && fields.unitId === unitId,
    )

  it('the old branch names the day; the new one has the key and takes the code with no network, and its proof holds', async () => {
    const [member] = await phonesOf('1003')
    await move()
    const [officer, newOfficer] = await phonesOf('1001', '2001')
    for (const p of [member!, officer!, newOfficer!]) p.line.online = false
    const code = await myCode(member!)
    expect(await read(officer!, code)).toMatchObject({
      type: 'refused',
      reason: 'left-unit',
      since: '2026-11-22',
      person: { name: '王芳' },
    })
    const answer = await read(newOfficer!, code, moved)
    expect(answer).toMatchObject({ type: 'good', person: { name: '王芳' } })
    // Named as it was enrolled: an archive that has one copy of the key finds it, whichever it is.
    const [original] = await keysOf(first)
    const [copy] = await keysOf(second)
    expect(copy!.fields.copyOf).toBe(original!.id)
    if (answer.type !== 'good') throw new Error('no proof')
    expect(answer.proof.keyId).toBe(original!.id)
    const proven = { personId: answer.person.personId, sittingId: SITTING, proof: answer.proof }
    for (const keys of [[original!], [copy!]])
      expect(await checkProof(proven, keys, checkSignature)).toBe('holds')
  })

  it('whose phone was stopped: refused on both sides, whether it was stopped after the move or before', async () => {
    const [lost, other] = await phonesOf('1003', '1003')
    endpoint.clock.advance(60_000)
    expect((await revoke(other!, lost!.session.deviceId)).status).toBe(200)
    await move()
    const [officer, newOfficer] = await phonesOf('1001', '2001')
    endpoint.clock.advance(60_000)
    expect(await read(newOfficer!, await myCode(lost!), moved)).toMatchObject({ reason: 'key-stopped' })
    expect((await read(newOfficer!, await myCode(other!), moved)).type).toBe('good')

    expect((await revoke(other!, other!.session.deviceId)).status).toBe(200)
    for (const p of [officer!, newOfficer!]) await p.sync()
    endpoint.clock.advance(60_000)
    const after = await myCode(other!)
    expect(await read(newOfficer!, after, moved)).toMatchObject({ reason: 'key-stopped' })
    // The branch that she left holds the key for its old rolls; there too it signs nothing new.
    const held = await officer!.phone.db.records('device-key').toArray()
    for (const { id } of (await keysOf(first)).filter(isKey)) expect(keyRevokedAt(id, held)).not.toBeNull()
  })

  it('a new phone after the move, and one of two branches: every branch has every key', async () => {
    await move()
    const [row] = (await stored<Membership>('membership')).filter(({ id }) => id === uid(900))
    await endpoint.put('membership', uid(902), { ...row!.fields, unitId: first, primary: false })
    const [member, newOfficer] = await phonesOf('1003', '2001')
    expect((await read(newOfficer!, await myCode(member!), moved)).type).toBe('good')
    // Signed in again and again: the same key has one record in each unit.
    await member!.signIn()
    await member!.signIn()
    expect(await keysOf(first)).toHaveLength(1)
    expect(await keysOf(second)).toHaveLength(1)
    // Her own page shows one phone, whatever her units are.
    expect(await readKeys(member!.phone)).toMatchObject([{ thisOne: true, revokedAt: null }])
  })

  it('before keys went along: brought at the next start, once', async () => {
    const [member] = await phonesOf('1003')
    // As an older version wrote it.
    await move((type, id, fields) =>
      endpoint.store.write([], (tx) =>
        writeRecord(tx, { type, id, fields, author: 'test', now: endpoint.clock.now() }),
      ),
    )
    expect(await keysOf(second)).toEqual([])
    await startHousekeeping(endpoint.store, endpoint.clock.now, { every: () => () => undefined }).first
    expect(await keysOf(second)).toHaveLength(1)
    const heads = () => endpoint.store.read((tx) => tx.scopesWithPrefix('unit:'))
    const before = await heads()
    await startHousekeeping(endpoint.store, endpoint.clock.now, { every: () => () => undefined }).first
    expect(await heads()).toEqual(before)
    const [newOfficer] = await phonesOf('2001')
    expect((await read(newOfficer!, await myCode(member!), moved)).type).toBe('good')
  })

  it('is of no use to a branch that she never belonged to', async () => {
    const [member, stranger] = await phonesOf('1003', '2001')
    const meeting = (await stored<{ unitId: string }>('meeting')).find(({ id }) => id === MEETING)!
    await endpoint.put('meeting', moved, { ...meeting.fields, unitId: second } as never)
    await stranger!.sync()
    expect(await read(stranger!, await myCode(member!), moved)).toMatchObject({
      type: 'refused',
      reason: 'unknown-person',
    })
    expect(await keysOf(second)).toEqual([])
  })
})

it('a code of another branch', async () => {
  const [stranger, officer] = await phonesOf('2002', '1001')
  expect(await read(officer!, await myCode(stranger!))).toMatchObject({ type: 'refused' })
})

it('two officers read the same code without network: one person, no contradiction', async () => {
  const [member, one, two] = await phonesOf('1003', '1001', '1007')
  for (const p of [member!, one!, two!]) p.line.online = false
  const code = await myCode(member!)
  await mark(one!, await read(one!, code))
  endpoint.clock.advance(60_000)
  await mark(two!, await read(two!, code))
  await online(two!, one!)
  for (const p of [one!, two!]) {
    const roll = (await readRoll(p.phone.db, MEETING))!
    const line = rollLines(roll.roster, roll.marks, SITTING).find(({ name }) => name === '王芳')
    expect(line).toMatchObject({ state: 'present', contradiction: false })
    expect(line?.heads).toHaveLength(2)
  }
})

it('the other direction: nothing is said of the roll before the claim has arrived; in time it is marked, late it is asked', async () => {
  const [fang, lei, officer] = await phonesOf('1003', '1004', '1001')
  const code = await show(officer!, 'sitting', SITTING)
  for (const member of [fang!, lei!]) {
    member.line.online = false
    const claim = () => bureauNow(member).then((now) => claimSitting(member.phone, code, now))
    expect(await claim()).toMatchObject({ type: 'good', isNew: true })
    expect(await claim()).toMatchObject({ type: 'good', isNew: false })
    expect(await member.phone.db.outbox.count()).toBe(1)
  }
  const claims = async () => {
    await officer!.sync()
    return (await readShownSitting(officer!.phone, MEETING, SITTING))!.claims
  }
  const names = (lines: { person: { name: string } }[]) => lines.map(({ person }) => person.name)
  expect(await claims()).toMatchObject({ prompt: [], late: [] })

  await online(fang!)
  const arrived = await claims()
  expect([names(arrived.prompt), names(arrived.late)]).toEqual([['王芳'], []])
  await createRollActs(officer!.phone, { meetingId: MEETING, sittingId: SITTING, unitId: first }).mark(
    arrived.prompt.map(({ person, proof }) => ({
      person,
      state: 'present' as const,
      ground: { method: 'scan' as const, proof },
    })),
  )
  endpoint.clock.advance(3_600_000)
  await online(lei!)
  const later = await claims()
  expect([names(later.prompt), names(later.late), later.done]).toEqual([[], ['赵磊'], 1])
  const [row] = await stored<RollMark>('roll-mark')
  expect(await proofOf(row!.fields)).toBe('holds')
})

it('what an officer took back is not marked again by itself', async () => {
  const [fang, officer] = await phonesOf('1003', '1001')
  await claimSitting(fang!.phone, await show(officer!, 'sitting', SITTING), await bureauNow(fang!))
  await online(fang!, officer!)
  const acts = createRollActs(officer!.phone, { meetingId: MEETING, sittingId: SITTING, unitId: first })
  const read = async () => (await readShownSitting(officer!.phone, MEETING, SITTING))!.claims
  const [claim] = (await read()).prompt
  await acts.mark([
    { person: claim!.person, state: 'present', ground: { method: 'scan', proof: claim!.proof } },
  ])
  await acts.undo()
  expect(await read()).toMatchObject({ prompt: [], late: [], differing: [{ person: { name: '王芳' } }] })
})

it('a claim that nobody’s code stands behind: refused with a sentence, kept in 需处理; of no officer: no line of the roll', async () => {
  const [fang, lei, officer] = await phonesOf('1003', '1004', '1001')
  await claimSitting(fang!.phone, await show(officer!, 'sitting', SITTING), await bureauNow(fang!))
  const [own] = await fang!.phone.db.records('roll-claim').toArray()
  const forged = { ...own!.fields, step: own!.fields.step + 1, sittingId: SITTING } satisfies RollClaim
  await fang!.phone.store.put('roll-claim', forged)
  await fang!.sync()
  const [refused] = await fang!.phone.db.attention.toArray()
  expect(refused).toMatchObject({ type: 'roll-claim', code: 'bad-signature' })
  expect(await stored('roll-claim')).toHaveLength(1)

  // 赵磊 signs with his own key what only an officer may show.
  const code = await show(lei!, 'sitting', SITTING)
  expect(await claimSitting(lei!.phone, code, await bureauNow(lei!))).toMatchObject({
    type: 'refused',
    reason: 'no-officer',
  })
})
