/** The office's question about all documents: what is shown first, what the filters leave, and that no name is told. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { branchId, connect, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'

let endpoint: TestEndpoint
let ask: (query: string) => Promise<{ documents: { documentId: string }[] } & Record<string, unknown>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  const office = await connect(endpoint, '9001')
  ask = async (query) => {
    const answer = await office.send(`/api/office/circulations${query}`)
    return answer.status === 200 ? await answer.json() : { documents: [], status: answer.status }
  }
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const SHA = 'a'.repeat(64)
interface Part {
  branch?: string
  deadline?: string
  urgency?: string
  state?: string
  expiresOn?: string
  documentNo?: string
  title?: string
  dispatchedAt?: number
  /** Of the two recipients. */
  signed?: number
}
async function send(documentId: string, part: Part = {}): Promise<void> {
  const { branch = '第一支部', signed = 0, ...fields } = part
  const unitId = branchId(branch)
  const persons = branch === '第一支部' ? ['1003', '1004'] : ['2001', '2002']
  const circulationId = `${documentId}-${unitId}`.slice(0, 60)
  const recipients = persons.map((no) => ({ personId: personIdOf(no), name: `人员 ${no}` }))
  await endpoint.put('circulation', circulationId, {
    unitId,
    documentId,
    documentNo: '',
    title: `文件 ${documentId}`,
    revisions: [
      {
        revision: 1,
        file: { sha256: SHA, name: '通知.pdf', mime: 'application/pdf', sizeBytes: 1 },
        at: endpoint.clock.now(),
      },
    ],
    recipients,
    dispatchedAt: endpoint.clock.now(),
    dispatchedBy: 'o',
    deadline: '2026-11-30',
    state: 'open',
    ...fields,
  })
  for (const { personId } of recipients.slice(0, signed))
    await endpoint.put('sign-off', `${documentId}-${personId}`.slice(0, 60), {
      unitId,
      circulationId,
      documentId,
      personId,
      signedBy: personId,
      revision: 1,
      sha256: SHA,
      mode: 'in-person',
      signature: { kind: 'typed', name: '甲' },
      signedAt: 1,
      keyId: null,
      deviceSignature: null,
    })
}
const idsOf = async (query = '') => (await ask(query)).documents.map((d) => d.documentId)

it('shows what somebody still has to sign: late first, then due first, then the more pressing', async () => {
  await send('due-later', { deadline: '2026-12-05' })
  await send('pressing', { deadline: '2026-11-30', urgency: '特急' })
  await send('plain', { deadline: '2026-11-30' })
  await send('late', { deadline: '2026-11-01' })
  await send('complete', { signed: 2 })
  await send('closed', { state: 'closed' })
  expect(await idsOf()).toEqual(['late', 'pressing', 'plain', 'due-later'])
  expect((await ask('')).counts).toEqual({
    behind: 4,
    overdue: 1,
    complete: 1,
    archived: 1,
    recalled: 0,
    all: 6,
  })
})

it('each view holds what it says', async () => {
  await send('late', { deadline: '2026-11-01', signed: 1 })
  await send('complete', { signed: 2 })
  await send('closed', { state: 'closed' })
  await send('expired', { expiresOn: '2026-11-22' })
  await send('recalled', { state: 'recalled' })
  // Recalled in one branch, asked in the other: asked.
  await send('partly', { state: 'recalled' })
  await send('partly', { branch: '第二支部', signed: 1 })
  expect((await idsOf('?view=behind')).sort()).toEqual(['late', 'partly'])
  expect(await idsOf('?view=overdue')).toEqual(['late'])
  expect(await idsOf('?view=complete')).toEqual(['complete'])
  expect((await idsOf('?view=archived')).sort()).toEqual(['closed', 'expired'])
  expect(await idsOf('?view=recalled')).toEqual(['recalled'])
  expect(await idsOf('?view=all')).toHaveLength(6)
  const partly = (await ask('')).documents.find((d) => d.documentId === 'partly')
  expect(partly).toMatchObject({ branchCount: 2, open: 1, toSign: 2, signed: 1, missing: 1, behind: 1 })
})

it('leaves what the filters say, alone and together', async () => {
  await send('a', { documentNo: '办公室〔2026〕31 号', title: '关于延时服务的通知', urgency: '加急' })
  await send('b', { branch: '第二支部', documentNo: '政办〔2026〕7 号', title: '关于值守的通知' })
  await send('old', { dispatchedAt: Date.parse('2024-12-31T23:00:00+08:00') })
  expect(await idsOf(`?q=${encodeURIComponent('[2026]31号')}`)).toEqual(['a'])
  expect(await idsOf(`?q=${encodeURIComponent('（2026） 7')}`)).toEqual(['b'])
  expect((await idsOf(`?q=${encodeURIComponent('通知')}`)).sort()).toEqual(['a', 'b'])
  expect(await idsOf(`?urgency=${encodeURIComponent('加急')}`)).toEqual(['a'])
  expect(await idsOf(`?unit=${branchId('第二支部')}`)).toEqual(['b'])
  expect(await idsOf('?year=2024')).toEqual(['old'])
  expect((await ask('')).years).toEqual(['2026', '2024'])
  expect(await idsOf(`?year=2026&q=${encodeURIComponent('通知')}&unit=${branchId('第一支部')}`)).toEqual([
    'a',
  ])
})

it('of one branch the figures are that branch’s', async () => {
  await send('a', { signed: 2 })
  await send('a', { branch: '第二支部', signed: 1 })
  expect((await ask('')).documents).toMatchObject([{ toSign: 4, signed: 3, missing: 1 }])
  const second = await ask(`?unit=${branchId('第二支部')}`)
  expect(second.documents).toMatchObject([{ toSign: 2, signed: 1, missing: 1 }])
  expect(await idsOf(`?unit=${branchId('第一支部')}`)).toEqual([])
})

it('comes in pages, each document once', async () => {
  for (let n = 0; n < 53; n++) await send(`d-${String(n).padStart(2, '0')}`)
  const [first, second] = [await ask(''), await ask('?page=1')]
  expect([first.total, first.more, second.more]).toEqual([53, true, false])
  const ids = [...first.documents, ...second.documents].map((d) => d.documentId)
  expect([ids.length, new Set(ids).size]).toEqual([53, 53])
})

it('tells no name of a person', async () => {
  await send('a', { signed: 1 })
  const office = await connect(endpoint, '9001')
  for (const path of ['circulations', 'circulation?document=a'])
    expect(await (await office.send(`/api/office/${path}`)).text()).not.toMatch(/人员|personId/)
})

it('refuses what it cannot understand, naming the parameter', async () => {
  for (const query of ['?view=x', '?urgency=x', '?year=26', '?page=-1', `?q=${'x'.repeat(101)}`])
    expect((await ask(query)).status).toBe(400)
})
