/** The text and its picture, the sitting's code, short codes, and the proof that a mark keeps. */
import { encodeQR } from 'qr'
import { decodeQR } from 'qr/decode.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { byHandInWords } from '../../../../src/shared/meetings/codes/by-hand.ts'
import { checkProof } from '../../../../src/shared/meetings/codes/check-proof.ts'
import { checkPersonCode } from '../../../../src/shared/meetings/codes/check-person-code.ts'
import {
  checkSittingCode,
  type SittingCodeWorld,
} from '../../../../src/shared/meetings/codes/check-sitting-code.ts'
import { sittingRefusalInWords } from '../../../../src/shared/meetings/codes/code-words.ts'
import { textToCode } from '../../../../src/shared/meetings/codes/text/code-text.ts'
import { findByShortCode, shortCodeOf } from '../../../../src/shared/meetings/codes/text/short-code.ts'
import { checkSignature } from '../../../../src/client/storage/keys/check-signature.ts'
import { keyOf, NOW, personCode, sittingCode, stopOf, worldOf, type ShownKey } from './make-codes.ts'

let officer: ShownKey
let member: ShownKey
beforeAll(async () => {
  officer = await keyOf('p1')
  member = await keyOf('p2')
})

it('is small: 37 modules a side at medium correction, and is read back', async () => {
  const code = await personCode(member)
  const modules = encodeQR(code, 'raw', { border: 4, ecc: 'medium' })
  expect(modules).toHaveLength(37 + 2 * 4)
  const scale = 4
  const size = modules.length * scale
  const data = new Uint8ClampedArray(size * size * 4).fill(255)
  modules.forEach((row, y) =>
    row.forEach((isDark, x) => {
      if (!isDark) return
      for (let at = 0; at < scale * scale; at++) {
        const [px, py] = [x * scale + (at % scale), y * scale + Math.floor(at / scale)]
        data.fill(0, (py * size + px) * 4, (py * size + px) * 4 + 3)
      }
    }),
  )
  expect(decodeQR({ width: size, height: size, data })).toBe(code)
  expect(textToCode(code)).toMatchObject({ kind: 'person' })
})

describe('the code of a sitting', () => {
  const sitting = { meetingId: 'm1', unitId: 'b1', sittingId: 's1', title: '大会', cancelled: false }
  const world = (changes: Partial<SittingCodeWorld> = {}): SittingCodeWorld => ({
    bureauNow: NOW,
    sittings: [sitting],
    keys: [officer.fact, member.fact],
    isOfficer: (personId) => personId === 'p1',
    isExpected: () => true,
    verify: checkSignature,
    ...changes,
  })
  it('of an officer is good', async () => {
    const answer = await checkSittingCode(await sittingCode(officer, 's1'), world())
    expect(answer).toMatchObject({ type: 'good', shownBy: 'p1', keyId: 'key-p1', sitting })
  })
  it.each<[string, () => Promise<string>, () => Partial<SittingCodeWorld>]>([
    ['person-code', () => personCode(member), () => ({})],
    ['unknown-sitting', () => sittingCode(officer, 's9'), () => ({})],
    ['unknown-officer', async () => sittingCode(await keyOf('p1', 'k9'), 's1'), () => ({})],
    ['no-officer', () => sittingCode(member, 's1'), () => ({})],
    ['cancelled', () => sittingCode(officer, 's1'), () => ({ sittings: [{ ...sitting, cancelled: true }] })],
    ['not-expected', () => sittingCode(officer, 's1'), () => ({ isExpected: () => false })],
    ['expired', () => sittingCode(officer, 's1', NOW - 86_400_000), () => ({})],
    ['from-future', () => sittingCode(officer, 's1', NOW + 86_400_000), () => ({})],
    [
      'key-stopped',
      () => sittingCode(officer, 's1'),
      () => ({ keys: [officer.fact, stopOf(officer, NOW - 60_000)] }),
    ],
    ['not-ours', async () => 'hello', () => ({})],
  ])('%s', async (reason, make, changes) => {
    const answer = await checkSittingCode(await make(), world(changes()))
    expect(answer).toMatchObject({ type: 'refused', reason })
    if (answer.type === 'refused') expect(sittingRefusalInWords(answer.reason)).toMatch(/。$/)
  })
  it('one changed character is never good', async () => {
    const code = await sittingCode(officer, 's1')
    for (let at = 0; at < code.length; at++) {
      const changed = code.slice(0, at) + (code[at] === '7' ? '8' : '7') + code.slice(at + 1)
      expect((await checkSittingCode(changed, world())).type).toBe('refused')
    }
  })
})

describe('the proof in a mark', () => {
  const mark = async () => {
    const answer = await checkPersonCode(await personCode(member), worldOf([member.fact]))
    if (answer.type !== 'good') throw new Error('no proof')
    return { personId: 'p2', sittingId: 's1', proof: answer.proof }
  }
  it('holds with the key alone, also after the key was stopped', async () => {
    expect(await checkProof(await mark(), [member.fact], checkSignature)).toBe('holds')
    const later = [member.fact, stopOf(member, NOW + 1000)]
    expect(await checkProof(await mark(), later, checkSignature)).toBe('holds')
  })
  it('is told apart when it does not', async () => {
    const good = await mark()
    const told = (changed: object, keys = [member.fact]) =>
      checkProof({ ...good, ...changed }, keys, checkSignature)
    expect(await told({ proof: null })).toBe('none')
    expect(await told({}, [])).toBe('no-key')
    expect(await told({ personId: 'p1' })).toBe('not-theirs')
    expect(await told({ proof: { ...good.proof, step: good.proof.step + 1 } })).toBe('broken')
    expect(await told({}, [member.fact, stopOf(member, NOW - 60_000)])).toBe('stopped')
  })
  it('of a claim is the signature of who showed the code', async () => {
    const code = textToCode(await sittingCode(officer, 's1'))
    if (typeof code === 'string') throw new Error(code)
    const proof = { keyId: 'key-p1', step: code.step, signature: code.signature, claimId: 'c1' }
    const claimed = { personId: 'p2', sittingId: 's1', proof }
    const { claimId: _its, ...read } = proof
    const words = {
      unitId: 'b1',
      meetingId: 'm1',
      meetingTitle: '',
      sittingId: 's1',
      personId: 'p2',
      name: '李明',
    }
    const claim = { id: 'c1', author: 'p2', fields: { ...words, shownBy: 'p1', ...read } }
    const told = (changed: object = {}, claims: (typeof claim)[] | undefined = [claim]) =>
      checkProof({ ...claimed, ...changed }, [officer.fact], checkSignature, claims)
    expect(await told()).toBe('holds')
    expect(await told({}, [])).toBe('no-claim')
    expect(await told({}, [{ ...claim, author: 'p1' }])).toBe('other-claim')
    expect(await told({}, [{ ...claim, fields: { ...claim.fields, shownBy: 'p2' } }])).toBe('not-theirs')
    expect(await told({ sittingId: 's2' })).toBe('other-claim')
    // A file of before claims went along with it.
    expect(await checkProof(claimed, [officer.fact], checkSignature)).toBe('holds')
    expect(await checkProof({ ...claimed, sittingId: 's2' }, [officer.fact], checkSignature)).toBe('broken')
  })
})

describe('报码', () => {
  it('is four figures, always the same for one person', () => {
    expect(shortCodeOf('p1')).toMatch(/^\d{4}$/)
    expect(shortCodeOf('p1')).toBe(shortCodeOf('p1'))
  })
  it('finds everyone whose it is, also two', () => {
    const people = Array.from({ length: 400 }, (_, at) => ({ personId: `person-${at}` }))
    const shared = people.find((p) => findByShortCode(people, shortCodeOf(p.personId)).length === 2)!
    expect(shared).toBeDefined()
    for (const person of people)
      expect(findByShortCode(people, shortCodeOf(person.personId))).toContain(person)
  })
})

it('a mark by hand says why, also when a newer app had another reason', () => {
  expect(byHandInWords('expired')).toBe('手工认可（码已过期）')
  expect(byHandInWords('something-new')).toBe('手工认可')
  expect([byHandInWords(''), byHandInWords(undefined)]).toEqual(['', ''])
})
