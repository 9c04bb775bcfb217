// @vitest-environment happy-dom
/** All pages of a file are looked at by the phone before it is signed, whoever opened them. */
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDrawingTurns } from '../../../../../src/client/features/circulation/reader/pages/drawing-turns.ts'
import type { PagedFile } from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'
import {
  goThrough,
  type Turn,
} from '../../../../../src/client/features/circulation/reader/unshown/go-through.ts'
import {
  isGoneThrough,
  noteUnshown,
  unshownPartsOf,
} from '../../../../../src/client/features/circulation/reader/unshown/unshown-parts.ts'
import { revisionOf, setupPhone } from '../fixtures.ts'

const SHA = 'a'.repeat(64)
const AT_ONCE: Turn = (act) => act(new AbortController().signal)
let parts: ReturnType<typeof setupPhone>
/** Pages drawn, in their order; canvases that still hold a picture. */
let drawn: number[]
let canvases: HTMLCanvasElement[]

beforeEach(() => {
  parts = setupPhone()
  ;[drawn, canvases] = [[], []]
})
afterEach(() => {
  parts.delivery.close()
  parts.db.close()
})

interface Faults {
  missing?: Record<number, string[]>
  broken?: number
  /** Its drawing ends only when it is cancelled. */
  slow?: number
  /** Not even then. */
  deaf?: boolean
}
const fileOf = (pages: number, { missing = {}, broken, slow, deaf }: Faults = {}): PagedFile => ({
  pages,
  page: async (number) => ({
    width: 100,
    height: 140,
    draw(canvas) {
      drawn.push(number)
      canvases.push(canvas)
      let cancel = (): void => undefined
      const cancelled = new Promise<never>((_, reject) => (cancel = () => reject(new Error('cancelled'))))
      cancelled.catch(() => undefined)
      if (number === slow) return { promise: cancelled, cancel: deaf ? () => undefined : cancel }
      if (number === broken) return { promise: Promise.reject(new Error('no')), cancel }
      return { promise: Promise.resolve(missing[number] ?? []), cancel }
    },
    words: async () => [],
    free: () => undefined,
  }),
  close: async () => undefined,
})
const go = (file: PagedFile, turn = AT_ONCE, isOver = () => false) =>
  goThrough(parts.db, SHA, file, { turn, isOver })
const noted = async () =>
  (await unshownPartsOf(parts.db, revisionOf(1, SHA))).map(({ page, what }) => `${page} ${what}`)

it('finds what is missing on pages that nobody opened, and keeps no picture', async () => {
  await go(fileOf(9, { missing: { 7: ['1 处图片', '1 处图形'] }, broken: 9 }))
  expect(await noted()).toEqual(['7 1 处图片、1 处图形', '9 整页'])
  expect(await isGoneThrough(parts.db, SHA)).toBe(true)
  expect(canvases).toHaveLength(9)
  expect(canvases.every(({ width, height }) => width === 0 && height === 0)).toBe(true)
})

it('looks at no page twice: what the reader has drawn, and what was done before the app was closed', async () => {
  await noteUnshown(parts.db, SHA, 2, [])
  await noteUnshown(parts.db, SHA, 3, ['1 处图片'])
  let closed = false
  const closesAfter = (last: number): PagedFile => ({
    ...fileOf(6),
    page: async (number) => ((closed = number === last), await fileOf(6).page(number)),
  })
  await go(closesAfter(4), AT_ONCE, () => closed)
  expect(await isGoneThrough(parts.db, SHA)).toBe(false)
  await go(fileOf(6))
  expect(drawn).toEqual([1, 4, 5, 6])
  expect(await noted()).toEqual(['3 1 处图片'])
})

it('a page over which the app ended twice is not tried again, and counts as not shown', async () => {
  const ends: Turn = async (act) => {
    void act(new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 60))
    throw new Error('the tab was killed')
  }
  // What a killed tab leaves on the disk: begun, and neither left nor ended.
  const killer = fileOf(3, { slow: 1 })
  await expect(go(killer, ends)).rejects.toThrow('killed')
  await expect(go(killer, ends)).rejects.toThrow('killed')
  expect(await noted()).toEqual([])
  await go(killer)
  expect(drawn).toEqual([1, 1, 2, 3])
  expect(await noted()).toEqual(['1 整页'])
  await noteUnshown(parts.db, SHA, 1, [])
  expect(await noted()).toEqual([])
})

/** Runs until the page is looked at, then `away`; then the process is gone: it ends nothing, and hears of nothing any more. */
async function endsOver(file: PagedFile, away: () => void): Promise<void> {
  const heard = [document, window].map((at) => ({ at, added: vi.spyOn(at, 'addEventListener') }))
  const before = drawn.length
  const turn: Turn = (act) => (void act(new AbortController().signal), new Promise(() => undefined))
  void go(file, turn)
  await vi.waitFor(() => expect(drawn.length).toBeGreaterThan(before))
  away()
  await new Promise((resolve) => setTimeout(resolve, 60))
  for (const { at, added } of heard) {
    for (const [kind, listener] of added.mock.calls) at.removeEventListener(kind, listener as EventListener)
    added.mockRestore()
  }
}

it.each(['swiped away', 'closed'])(
  'an app that is %s over a page, as often as that happens, says nothing of it',
  async (how) => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
    const putAway = (): void => {
      if (how === 'closed') return void window.dispatchEvent(new Event('pagehide'))
      hidden.mockReturnValue(true)
      document.dispatchEvent(new Event('visibilitychange'))
    }
    for (let times = 0; times < 4; times++) {
      hidden.mockReturnValue(false)
      await endsOver(fileOf(2, { slow: 1 }), putAway)
    }
    hidden.mockReturnValue(false)
    await go(fileOf(2))
    expect(drawn).toEqual([1, 1, 1, 1, 1, 2])
    expect(await noted()).toEqual([])
    hidden.mockRestore()
  },
)

it('one that was looked at again and dies in sight counts, and putting the app away forgives no death before it', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(false)
  const turnTo = (isHidden: boolean): void => {
    hidden.mockReturnValue(isHidden)
    document.dispatchEvent(new Event('visibilitychange'))
    window.dispatchEvent(new Event(isHidden ? 'pagehide' : 'pageshow'))
  }
  const killer = fileOf(2, { slow: 1 })
  await endsOver(killer, () => (turnTo(true), turnTo(false)))
  await endsOver(killer, () => turnTo(true))
  hidden.mockReturnValue(false)
  await endsOver(killer, () => undefined)
  await go(fileOf(2))
  expect(drawn).toEqual([1, 1, 1, 2])
  expect(await noted()).toEqual(['1 整页'])
  hidden.mockRestore()
})

it('a page that is never done ends the waiting after a minute on the screen: it and what follows count as not shown', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  try {
    await noteUnshown(parts.db, SHA, 4, [])
    let isDone = false
    const going = go(fileOf(5, { slow: 2, deaf: true })).then(() => (isDone = true))
    await vi.waitFor(() => expect(drawn).toEqual([1, 2]))
    await vi.advanceTimersByTimeAsync(600_000)
    expect(isDone).toBe(false)
    hidden.mockReturnValue(false)
    await vi.advanceTimersByTimeAsync(60_000)
    await going
    expect(drawn).toEqual([1, 2])
    expect(await noted()).toEqual(['2 整页', '3 整页', '5 整页'])
    expect(await isGoneThrough(parts.db, SHA)).toBe(true)
  } finally {
    hidden.mockRestore()
    vi.useRealTimers()
  }
})

it('gives way to who reads, as often as that happens, and says nothing of the page it left', async () => {
  const turns = createDrawingTurns()
  let readerDrew = 0
  const slow = fileOf(2, { slow: 1 })
  const quick = fileOf(2)
  let times = 0
  const file: PagedFile = { ...quick, page: (n) => (n === 1 && ++times <= 3 ? slow : quick).page(n) }
  /** Asked for while a page is looked at. */
  const turn: Turn = (act) =>
    turns.idle(async (signal) => {
      const done = act(signal)
      if (times <= 3)
        setTimeout(
          () =>
            turns.ask(
              () => 0,
              async () => void (readerDrew += 1),
            ),
          20,
        )
      await done
    })
  await go(file, turn)
  expect(drawn).toEqual([1, 1, 1, 1, 2])
  expect(readerDrew).toBeGreaterThanOrEqual(3)
  expect(await noted()).toEqual([])
  expect(await isGoneThrough(parts.db, SHA)).toBe(true)
})

it('gives way also where that was asked before the page began', async () => {
  const early = new AbortController()
  let times = 0
  const turn: Turn = (act) => {
    if (++times > 1) return AT_ONCE(act)
    early.abort()
    return act(early.signal)
  }
  let calls = 0
  const file: PagedFile = { ...fileOf(1), page: (n) => fileOf(1, ++calls === 1 ? { slow: 1 } : {}).page(n) }
  await go(file, turn)
  expect(drawn).toEqual([1, 1])
  expect(await noted()).toEqual([])
})

it('a closed file ends it, with nothing under way', async () => {
  const turns = createDrawingTurns()
  let isOver = false
  const going = go(fileOf(3), turns.idle, () => isOver)
  isOver = true
  turns.close()
  await going
  expect(drawn).toEqual([])
  expect(await isGoneThrough(parts.db, SHA)).toBe(false)
})
