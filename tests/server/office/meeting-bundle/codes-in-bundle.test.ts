/** Codes in an exported meeting: each is judged by the keys that go along, and an altered one is told by its person's name. */
import { describe, expect, it } from 'vitest'
import { readMeetingBundle } from '../../../../src/shared/meetings/bundle/bundle.ts'
import { meetingHolds } from '../../../../src/shared/meetings/bundle/verify.ts'
import { stepAt } from '../../../../src/shared/meetings/codes/bureau-time.ts'
import { claimStatement } from '../../../../src/shared/meetings/codes/roll-claim.ts'
import {
  personCodeStatement,
  sittingCodeStatement,
} from '../../../../src/shared/meetings/codes/statements.ts'
import type { JsonObject, JsonValue } from '../../../../src/shared/sync/json.ts'
import { personIdOf } from '../../../support/endpoint.ts'
import { connectWithKey, queueOf } from '../../attack.ts'
import {
  altered,
  chair,
  endpoint,
  exported,
  leavesOf,
  MEETING,
  offer,
  unitId,
  useFiledMeeting,
  verify,
} from './filed-meeting.ts'

useFiledMeeting()

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
