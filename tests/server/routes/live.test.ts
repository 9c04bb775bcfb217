/** Nudges: that a scope moved, to who may read it, and nothing of what moved. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  branchId,
  connect,
  setupEndpoint,
  type Connection,
  type TestEndpoint,
} from '../../support/endpoint.ts'
import { queueOf } from '../attack.ts'

let endpoint: TestEndpoint
beforeEach(async () => {
  endpoint = await setupEndpoint()
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

/** Listens until something matches; everything heard so far. */
async function listenTo(c: Connection) {
  const stop = new AbortController()
  const response = await c.send('/api/live', { signal: stop.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let heard = ''
  const until = async (pattern: RegExp) => {
    while (!pattern.test(heard)) {
      const { done, value } = await reader.read()
      if (done) break
      heard += value
    }
    return heard
  }
  await until(/event: open/)
  return { until, stop: () => reader.cancel() }
}

it('reach who may read the scope, and carry its name alone', async () => {
  const member = await connect(endpoint, '1003')
  const outsider = await connect(endpoint, '2002')
  const [inside, outside] = [await listenTo(member), await listenTo(outsider)]
  const chair = await queueOf(endpoint, '1001')
  const first = branchId('第一支部')
  const meeting = {
    unitId: first,
    kindId: 'k',
    title: '不该出现在提醒里的题目',
    date: '2026-11-23',
    sittings: [{ id: 's', name: '一', startsAt: 1 }],
  }
  expect((await chair.offer({ type: 'meeting', id: 'm1', fields: meeting })).status).toBe('accepted')
  const office = await queueOf(endpoint, '9001')
  expect((await office.offer({ type: 'column', id: 'c1', fields: { name: '栏' } })).status).toBe('accepted')
  expect(await inside.until(/data: .*org/)).toContain(`unit:${first}`)
  const heardOutside = await outside.until(/data: .*org/)
  expect(heardOutside).not.toContain(first)
  for (const heard of [heardOutside, await inside.until(/org/)]) expect(heard).not.toContain('题目')
  await inside.stop()
  await outside.stop()
})

it('do not come for what was refused', async () => {
  const member = await queueOf(endpoint, '1003')
  const live = await listenTo(member)
  expect((await member.offer({ type: 'column', id: 'c1', fields: { name: '不许' } })).status).toBe('rejected')
  await member.offer({ type: 'opinion', id: 'o1', fields: { personId: member.personId, text: '一' } })
  const heard = await live.until(/event: moved/)
  expect(heard).not.toContain('org')
  await live.stop()
})

it('says nothing more once the session has ended', async () => {
  const member = await connect(endpoint, '1003')
  const line = await listenTo(member)
  await member.send('/api/session', { method: 'DELETE' })
  endpoint.nudges.moved([`unit:${branchId('第一支部')}`])
  const heard = await line.until(/event: moved/)
  expect(heard).not.toContain('event: moved')
})
