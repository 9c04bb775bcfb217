/** Pages ahead and their size. That a page is booked only under its own conditions is held by storage/pages.test.ts. */
import { describe, expect, it } from 'vitest'
import { createPaging, type PageRequest } from '../../../src/client/sync/paging.ts'
import type { Answer } from '../../../src/client/sync/line/transport.ts'
import type { PullAnswer } from '../../../src/shared/sync/protocol/pull.ts'

const offline: Answer<PullAnswer> = { ok: false, failure: { kind: 'offline' } }
const request = (cursor: string, over: Partial<PageRequest> = {}): PageRequest => ({
  cursor,
  settled: 0,
  deviceId: 'd1',
  ...over,
})

function setup(pageLimit?: number) {
  let at = 0
  const clock = { now: () => at, advance: (ms: number) => (at += ms) }
  const sent: { cursor: string | null; limit: number }[] = []
  const send = ({ cursor }: PageRequest, limit: number) => {
    sent.push({ cursor, limit })
    return Promise.resolve(offline)
  }
  return { clock, sent, paging: createPaging({ send, pageLimit, now: clock.now }) }
}

describe('a page ahead', () => {
  it('is asked for once and taken by whoever wants just that page', async () => {
    const { paging, sent } = setup()
    paging.askAhead(request('a'))
    expect(await paging.ask(request('a'))).toBe(offline)
    expect(sent.map((one) => one.cursor)).toEqual(['a'])
    await paging.ask(request('a'))
    expect(sent.map((one) => one.cursor)).toEqual(['a', 'a'])
  })

  it.each([
    ['another cursor', request('b')],
    ['a push that was settled meanwhile', request('a', { settled: 1 })],
    ['another device id', request('a', { deviceId: 'd2' })],
  ])('is not taken after %s', async (_name, wanted) => {
    const { paging, sent } = setup()
    paging.askAhead(request('a'))
    await paging.ask(wanted)
    expect(sent).toHaveLength(2)
  })

  it('is not taken when it was forgotten, nor by a tab that was frozen for an hour', async () => {
    const { clock, paging, sent } = setup()
    paging.askAhead(request('a'))
    paging.forget()
    await paging.ask(request('a'))
    expect(sent).toHaveLength(2)
    paging.askAhead(request('b'))
    clock.advance(3_600_000)
    await paging.ask(request('b'))
    expect(sent).toHaveLength(4)
  })

  it('that fails fails only for who takes it', async () => {
    let fails = true
    const send = () => (fails ? Promise.reject(new Error('broken')) : Promise.resolve(offline))
    const paging = createPaging({ send, now: () => 0 })
    paging.askAhead(request('a'))
    paging.forget()
    paging.askAhead(request('a'))
    fails = false
    await expect(paging.ask(request('a'))).rejects.toThrow('broken')
    expect(await paging.ask(request('a'))).toBe(offline)
  })
})

describe('the size of a page', () => {
  it('is what was asked for, when it was', async () => {
    const { paging, sent } = setup(7)
    paging.noteWrite()
    paging.noteBooked(7, 5000)
    await paging.ask(request('a'))
    expect(sent[0]?.limit).toBe(7)
  })

  it('follows the pace of the disk, within bounds', async () => {
    const { paging, sent } = setup()
    const limitAfter = async (rows: number, tookMs: number) => {
      paging.noteBooked(rows, tookMs)
      await paging.ask(request('a'))
      return sent.at(-1)!.limit
    }
    const fast = await limitAfter(500, 5)
    const slow = await limitAfter(500, 500)
    const verySlow = await limitAfter(500, 60_000)
    expect(fast).toBeGreaterThan(slow)
    expect(slow).toBeGreaterThan(verySlow)
    expect(fast).toBeLessThanOrEqual(2000)
    expect(verySlow).toBeGreaterThanOrEqual(1)
    // A page of a few rows says nothing about it.
    expect(await limitAfter(2, 1)).toBe(verySlow)
  })

  it('is smaller while the person writes, and grows again afterwards', async () => {
    const { clock, paging, sent } = setup()
    paging.noteBooked(500, 70)
    await paging.ask(request('a'))
    paging.noteWrite()
    await paging.ask(request('a'))
    clock.advance(60_000)
    await paging.ask(request('a'))
    const [before, during, after] = sent.map((one) => one.limit)
    expect(during).toBeLessThan(before!)
    expect(after).toBe(before)
  })
})
