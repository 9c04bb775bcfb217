/** An exported meeting: who gets it, what holds in it, and that no field of it can be altered unnoticed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { verifyMeetingCommand } from '../../../../src/server/operator/verify/verify-meeting.ts'
import { sealStatement } from '../../../../src/shared/bundle/filed.ts'
import { meetingVersionFor } from '../../../../src/shared/meetings/bundle/bundle.ts'
import { minutesStatement } from '../../../../src/shared/meetings/minutes/minutes.ts'
import { namedFiles } from '../../../../src/shared/meetings/bundle/named-files.ts'
import {
  holdingMinutes,
  holdsUp,
  meetingHolds,
  standingOf,
} from '../../../../src/shared/meetings/bundle/verify.ts'
import { endpointKeyId } from '../../../../src/shared/org/endpoint-key.ts'
import { sha256Hex } from '../../../../src/shared/sync/canonical.ts'
import type { JsonObject, JsonValue } from '../../../../src/shared/sync/json.ts'
import { personIdOf } from '../../../support/endpoint.ts'
import { makeDeviceKey } from '../../attack.ts'
import {
  altered,
  ask,
  chair,
  endpoint,
  exported,
  leavesOf,
  MINUTES,
  useFiledMeeting,
  verify,
} from './filed-meeting.ts'

useFiledMeeting()

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
        const found = (verdict?.confirmed.flatMap(({ findings }) => findings) ?? ['unreadable']).filter(
          (finding) => finding !== 'key-unsealed',
        )
        expect([part, path.join('/'), found.length > 0]).toEqual([part, path.join('/'), true])
      }
  })

  it('nothing that has the seal alone to vouch for it is said to hold; what a person signed is, by a key at hand', async () => {
    const bundle = await exported()
    bundle.resolutions[0]!.fields.motion = '改过的议题'
    const verdict = (await verify(bundle))!
    expect(verdict.seal).toBe('broken')
    expect(verdict.votes.map(({ findings }) => [findings, holdsUp(findings)])).toEqual([
      [['unsealed'], false],
    ])
    expect(verdict.confirmed.map(({ findings }) => [findings, standingOf(findings)])).toEqual([
      [['key-unsealed'], 'open'],
      [['key-unsealed'], 'open'],
    ])
    expect((await verify(bundle, bundle.deviceKeys))!.confirmed.map(({ findings }) => findings)).toEqual([
      [],
      [],
    ])
    // Without a signature of its own it rests on the seal as well.
    Object.assign(bundle.minutes[0]!.fields, { keyId: null, deviceSignature: null })
    expect((await verify(bundle))!.confirmed[0]!.findings).toEqual(['unsigned', 'unsealed'])
  })

  it('minutes written anew and signed with another key under the chair’s name are not said to hold', async () => {
    const bundle = await exported()
    const own = structuredClone(bundle.deviceKeys)
    const forger = await makeDeviceKey()
    const { fields } = bundle.minutes[0]!
    bundle.deviceKeys.find(({ id }) => id === fields.keyId)!.fields.publicKey = forger.publicKey
    fields.body = '没有议定过的。'
    fields.files![0]!.sha256 = 'e'.repeat(64)
    fields.deviceSignature = await forger.sign(minutesStatement(fields))
    for (const keys of [[], own]) {
      const verdict = (await verify(bundle, keys))!
      expect(verdict.confirmed[0]).toMatchObject({
        about: 'minutes',
        isSigned: true,
        findings: ['key-unsealed'],
      })
      expect(holdsUp(verdict.confirmed[0]!.findings)).toBe(false)
      expect(namedFiles(bundle, holdingMinutes(verdict))).toMatchObject([{ isDoubted: true }])
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
    const file = { about: 'attachment', name: '签到表.txt', sizeBytes: 6 }
    expect(namedFiles(bundle, () => true)).toMatchObject([{ ...file, isDoubted: false }])
    expect(namedFiles(bundle, () => false)).toMatchObject([{ ...file, isDoubted: true }])
    // One that holds vouches for it, wherever it stands among others.
    const minutes = [bundle.minutes[0]!, { ...bundle.minutes[0]!, id: 'other' }]
    for (const good of [MINUTES, 'other'])
      expect(namedFiles({ minutes }, (id) => id === good)).toMatchObject([{ isDoubted: false }])
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
    const added = structuredClone(bundle)
    added.minutes[0]!.fields.files!.push({
      ...added.minutes[0]!.fields.files![0]!,
      sha256: sha256Hex('签到。'),
    })
    expect(await run(JSON.stringify(added), other)).toBe(false)
    expect(said.join('\n')).toMatch(/存疑 .*另一份.txt：.*名单可能被改过/)
    expect(said.join('\n')).not.toMatch(/^ *是 /m)
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
