/**
 * 代签 through the whole stack: named with no network, asked apart from the own signature, signed for the right person, told on
 * every phone of who signed; the person who is back signs too, and both are kept. Ended while the substitute was offline: what
 * was signed before counts.
 */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { circulationItems } from '../../src/client/features/circulation/circulation.today.ts'
import { useProgress } from '../../src/client/features/circulation/progress/useProgress.ts'
import { noteUnshown } from '../../src/client/features/circulation/reader/unshown/unshown-parts.ts'
import { readForOthers } from '../../src/client/features/circulation/sign/for-others.ts'
import { readSignTask } from '../../src/client/features/circulation/sign/sign-task.ts'
import { useSigning, type SignResult } from '../../src/client/features/circulation/sign/useSigning.ts'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import { readActor } from '../../src/client/storage/actor.ts'
import { revisionFiles } from '../../src/shared/circulation/document/revisions.ts'
import type { SignOff } from '../../src/shared/circulation/signing/sign-off.ts'
import { personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { endUses, using } from '../support/client/using.ts'
import { untilSo } from '../support/eventually.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround } from '../support/samples.ts'

const [member, secretary] = [personIdOf('1003'), personIdOf('1001')]
let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  endUses()
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

async function phoneOf(staffNo: string): Promise<JourneyPhone> {
  const one = await setupPhone(endpoint, staffNo)
  await one.sync()
  // As the app does it ahead of the reader.
  await one.phone.blobs.keep(ground.sha256)
  return one
}
async function name(
  officer: JourneyPhone,
  forId: string,
  substitute: string,
  reason = '外出培训',
): Promise<void> {
  const { progress, acts } = using(officer, () => useProgress(ground.circulation))
  await untilSo(() => progress.value != null)
  const { lines, members } = progress.value!
  const line = lines.find(({ personId }) => personId === forId)!
  const person = members.find(({ personId }) => personId === personIdOf(substitute))!
  await acts.nameSubstitute(line, person, reason)
}
async function end(officer: JourneyPhone, forId: string): Promise<void> {
  const { progress, acts } = using(officer, () => useProgress(ground.circulation))
  await untilSo(
    () => (progress.value?.lines.find((l) => l.personId === forId)?.substitutions.length ?? 0) > 0,
  )
  const line = progress.value!.lines.find(({ personId }) => personId === forId)!
  await acts.change(line, 'restore', '已返岗')
}
async function sign(p: JourneyPhone, forPersonId?: string, opinion = ''): Promise<SignResult> {
  const task = await readSignTask(p.phone, ground.circulation, forPersonId)
  if (task === null) throw new Error('nothing to sign')
  // The page has looked through all of it before.
  for (const sha256 of revisionFiles([task.line.revision])) await noteUnshown(p.phone.db, sha256, 0, [])
  const { sign: act } = using(p, () => useSigning(forPersonId))
  const signature = { kind: 'typed' as const, name: p.session.person.name }
  return await act(task.line, { signature, opinion, seenElsewhere: [] })
}
const asked = async (p: JourneyPhone): Promise<string[]> =>
  (await readForOthers(p.phone)).map(({ substitution, line }) => `${substitution.name} ${line.state}`)
const today = async (p: JourneyPhone): Promise<string[]> => {
  const actor = await readActor(p.phone.db, p.session.person.id, p.phone.now())
  return (await circulationItems(p.phone, actor, p.phone.now())).map(({ title }) => title)
}
const attention = (p: JourneyPhone): number => p.phone.delivery.summary.value.attention
async function accepted(): Promise<SignOff[]> {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['sign-off'] }))
  return rows
    .map((r) => JSON.parse(r.fields) as SignOff)
    .filter((s) => s.circulationId === ground.circulation)
}

describe('a substitute', () => {
  it('is named offline, asked apart from the own signature, signs for the right person, and is asked no more on any phone', async () => {
    const officer = await phoneOf('1001')
    const substitute = await phoneOf('1003')
    officer.line.online = false
    await name(officer, secretary, '1003')
    officer.line.online = true
    await officer.sync()
    await substitute.sync()
    expect(await asked(substitute)).toEqual(['陈静 waiting'])
    expect(await today(substitute)).toEqual(['1 份文件待签', '代陈静签 1 份文件'])

    substitute.line.online = false
    expect(await sign(substitute, secretary, '已阅')).toEqual({ type: 'signed' })
    // Only on this phone yet, and the own signature is still asked for.
    expect(await today(substitute)).toEqual(['1 份文件待签'])
    expect((await readForOthers(substitute.phone))[0]!.signed!.pending).toBe(1)
    expect((await readLine(substitute.phone, ground.circulation))!.state).toBe('waiting')
    substitute.line.online = true
    await substitute.sync()
    expect(attention(substitute)).toBe(0)
    expect((await readForOthers(substitute.phone))[0]!.signed!.pending).toBe(0)
    expect(await accepted()).toMatchObject([
      { personId: secretary, signedBy: member, mode: 'substitute', opinion: '已阅' },
    ])

    const another = await phoneOf('1003')
    expect(await asked(another)).toEqual(['陈静 signed'])
    expect(await today(another)).toEqual(['1 份文件待签'])
    await officer.sync()
    expect((await readLine(officer.phone, ground.circulation))!.signOff!.fields.mode).toBe('substitute')
  })

  it('leaves the person free to sign: both are kept, and nobody is asked to sign instead any more', async () => {
    const officer = await phoneOf('1001')
    await name(officer, member, '1004')
    await officer.sync()
    const [substitute, person] = [await phoneOf('1004'), await phoneOf('1003')]
    await sign(substitute, member)
    await substitute.sync()
    await person.sync()
    expect((await readLine(person.phone, ground.circulation))!.state).toBe('signed')
    expect(await sign(person)).toEqual({ type: 'signed' })
    await person.sync()
    expect(attention(person)).toBe(0)
    expect((await accepted()).map(({ mode }) => mode).sort()).toEqual(['in-person', 'substitute'])
    await substitute.sync()
    expect(await asked(substitute)).toEqual([])
  })

  it('is not asked any more when the person has signed first', async () => {
    const officer = await phoneOf('1001')
    const substitute = await phoneOf('1004')
    await name(officer, member, '1004')
    await officer.sync()
    const person = await phoneOf('1003')
    await sign(person)
    await person.sync()
    await substitute.sync()
    expect(await asked(substitute)).toEqual([])
  })

  it('who signed offline before the end was known is heard; who signs after it is told, and nothing is lost', async () => {
    const officer = await phoneOf('1001')
    await name(officer, member, '1004')
    await officer.sync()
    const [early, late] = [await phoneOf('1004'), await phoneOf('1004')]
    early.line.online = false
    late.line.online = false
    await sign(early, member)
    endpoint.clock.advance(60_000)
    await end(officer, member)
    await officer.sync()
    endpoint.clock.advance(60_000)
    await sign(late, member)
    for (const one of [early, late]) {
      one.line.online = true
      await one.sync()
    }
    expect(attention(early)).toBe(0)
    expect(await accepted()).toHaveLength(1)
    // The sign-off, and with it the record of it: one matter, with all data and the way on.
    expect(attention(late)).toBe(1)
    const [kept] = await late.phone.db.attention.toArray()
    expect(kept).toMatchObject({
      type: 'sign-off',
      code: 'frozen',
      fields: { mode: 'substitute' },
      along: [{ type: 'signed-for', code: 'parent-refused', fields: { forPersonId: member } }],
    })
    expect(kept!.sentence).toContain('请支部重新指定你，再点“再送一次”')

    // Named again, both go with one press.
    await name(officer, member, '1004')
    await officer.sync()
    await late.sync()
    await late.phone.delivery.retry(kept!.attentionId)
    await late.sync()
    expect(attention(late)).toBe(0)
    expect(late.phone.delivery.summary.value.waiting).toBe(0)
    expect(await accepted()).toHaveLength(2)
    expect((await late.phone.db.records('signed-for').toArray()).map(({ pending }) => pending)).toContain(0)
  })

  it('signs an older revision that was new on an offline phone: kept as such, and asked again', async () => {
    const officer = await phoneOf('1001')
    await name(officer, member, '1004')
    await officer.sync()
    const substitute = await phoneOf('1004')
    substitute.line.online = false
    await sign(substitute, member)
    const second = { ...ground.revision, revision: 2, file: { ...ground.file, name: '第二版.md' } }
    const bytes = new TextEncoder().encode('# 示例文件，第二版\n')
    second.file = {
      ...second.file,
      sha256: await endpoint.putFile(bytes, 'text/markdown', 'desk:root'),
      sizeBytes: bytes.length,
    }
    const row = (await endpoint.store.read((tx) => tx.record('circulation', ground.circulation)))!
    await endpoint.put('circulation', ground.circulation, {
      ...JSON.parse(row.fields),
      revisions: [ground.revision, second],
    })
    substitute.line.online = true
    await substitute.sync()
    expect(attention(substitute)).toBe(0)
    expect((await accepted()).map(({ revision }) => revision)).toEqual([1])
    expect(await asked(substitute)).toEqual(['王芳 outdated'])
  })
})

describe('on paper', () => {
  /** One pixel. */
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const progressOf = async (officer: JourneyPhone) => {
    const made = using(officer, () => useProgress(ground.circulation))
    await untilSo(() => made.progress.value != null)
    const line = (personId: string) => made.progress.value!.lines.find((l) => l.personId === personId)!
    return { ...made, line }
  }

  it('an entry with its scan is made offline, stands beside the own hand, and is settled; the person sees all of it', async () => {
    const officer = await phoneOf('1001')
    const person = await phoneOf('1003')
    await sign(person, undefined, '同意')
    officer.line.online = false
    const { acts, line } = await progressOf(officer)
    const scan = new Blob([PNG], { type: 'image/png' })
    await acts.enterPaper(line(member), { revision: 1, opinion: '请抓落实', scan })
    officer.line.online = true
    await person.sync()
    await officer.sync()
    await officer.sync()
    expect(attention(officer)).toBe(0)
    const [paper] = (await accepted()).filter(({ mode }) => mode === 'paper')
    expect(paper).toMatchObject({ opinion: '请抓落实', signedBy: secretary })
    expect((await accepted()).map(({ mode }) => mode).sort()).toEqual(['in-person', 'paper'])

    await untilSo(() => line(member).standing.isOpen)
    await acts.settle(line(member), line(member).standing.beside[0]!.id, '以纸上的意见为准')
    await officer.sync()
    expect(attention(officer)).toBe(0)
    await person.sync()
    const seen = await progressOf(person)
    expect([seen.line(member).standing.isOpen, seen.line(member).standing.counts?.fields.mode]).toEqual([
      false,
      'paper',
    ])
    await person.phone.blobs.keep(paper!.scanSha256!)
    expect((await person.phone.blobs.get(paper!.scanSha256!))!.size).toBe(PNG.length)
  })

  it('免签 and back by two officers offline are facts: nothing is lost, and all phones agree', async () => {
    const [one, two] = [await phoneOf('1001'), await phoneOf('1007')]
    for (const p of [one, two]) p.line.online = false
    const [first, second] = [await progressOf(one), await progressOf(two)]
    await first.acts.change(first.line(member), 'excuse', '长期病假')
    await second.acts.change(second.line(member), 'excuse', '借调外单位')
    await untilSo(() => second.line(member).state === 'excused')
    await second.acts.change(second.line(member), 'restore', '已返岗')
    for (const p of [two, one, two, one]) {
      p.line.online = true
      await p.sync()
    }
    const changes = await endpoint.store.read((tx) => tx.records({ types: ['recipient-change'] }))
    expect(changes).toHaveLength(3)
    const states = [await progressOf(one), await progressOf(two)].map(({ line }) => line(member).state)
    // The one that nobody took back still stands.
    expect(states).toEqual(['excused', 'excused'])
  })
})
