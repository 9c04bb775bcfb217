/** 催阅 from two officers' phones, each without network: the person is reminded once, and each of the officers is told what became of theirs. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readLine } from '../../src/client/features/circulation/useCirculations.ts'
import { reminderInWords, shownReminder } from '../../src/client/features/circulation/reminder-lines.ts'
import { branchId, personIdOf, setupEndpoint, type TestEndpoint } from '../support/endpoint.ts'
import { closePhones, setupPhone, type JourneyPhone } from '../support/phone.ts'
import { layGround } from '../support/samples.ts'

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  await closePhones()
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const remind = (p: JourneyPhone, name: string) =>
  p.phone.store.put('reminder', {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    documentNo: '',
    personId: personIdOf('1003'),
    name: '王芳',
    byPersonId: p.session.person.id,
    byName: name,
    revision: 1,
    at: p.phone.now(),
  })
const remindersOn = (p: JourneyPhone) => p.phone.db.records('reminder').toArray()

it('two officers without network remind one person: one reminder arrives, the other officer is told why not', async () => {
  const [first, second] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1007')]
  for (const officer of [first, second]) {
    await officer.sync()
    officer.line.online = false
  }
  await remind(first, '陈静')
  await remind(second, '郑洁')
  expect((await remindersOn(first)).map(({ pending }) => pending)).toEqual([1])

  first.line.online = true
  await first.sync()
  second.line.online = true
  await second.sync()
  expect(first.phone.delivery.summary.value.attention).toBe(0)
  const refused = await second.phone.db.attention.toArray()
  expect(refused).toMatchObject([{ type: 'reminder', label: '催阅 · 王芳', code: 'already-recorded' }])
  expect(refused[0]!.sentence).toBe('同一份文件，24 小时内只催一次，一共三次。已有人催过，这一次没有发出。')
  // Both officers see the one that counts.
  expect((await remindersOn(second)).map(({ fields }) => fields.byName)).toEqual(['陈静'])

  const member = await setupPhone(endpoint, '1003')
  await member.sync()
  const shown = shownReminder(
    await remindersOn(member),
    ground.circulation,
    1,
    member.phone.now() + 86_400_000,
  )
  expect(reminderInWords(shown!, member.phone.now())).toContain('催阅：陈静')
})

it('who signed meanwhile without network is not reminded of it, and the officer reads why', async () => {
  const [officer, member] = [await setupPhone(endpoint, '1001'), await setupPhone(endpoint, '1003')]
  await officer.sync()
  await member.sync()
  officer.line.online = false
  await remind(officer, '陈静')
  const line = (await readLine(member.phone, ground.circulation))!
  await member.phone.store.put('sign-off', {
    unitId: branchId('第一支部'),
    circulationId: ground.circulation,
    documentId: line.fields.documentId,
    personId: personIdOf('1003'),
    signedBy: personIdOf('1003'),
    revision: 1,
    sha256: ground.sha256,
    mode: 'in-person',
    signature: { kind: 'typed', name: '王芳' },
    signedAt: member.phone.now(),
    keyId: null,
    deviceSignature: null,
  })
  await member.sync()
  officer.line.online = true
  await officer.sync()
  expect(await officer.phone.db.attention.toArray()).toMatchObject([
    { code: 'not-recipient', sentence: '对方已签、免签或不在名单上，不用再催，催阅没有发出。' },
  ])
  await member.sync()
  expect(await remindersOn(member)).toEqual([])
})
