/** What wakes a phone, and what does not: nudges with a reconnection of their own, a poll that grows slower, the network. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { WakeReason } from '../../../src/client/sync/machine/core.ts'
import type { NudgeSource } from '../../../src/client/sync/line/nudges.ts'
import { createTriggers } from '../../../src/client/sync/line/triggers.ts'
import { createManualClock, type ManualClock } from '../../support/client/manual-clock.ts'

class FakeSource implements NudgeSource {
  isClosed = false
  readonly #hearers = new Map<string, (event: { data?: unknown }) => void>()
  addEventListener(type: string, run: (event: { data?: unknown }) => void): void {
    this.#hearers.set(type, run)
  }
  close(): void {
    this.isClosed = true
  }
  say(type: string, data = ''): void {
    this.#hearers.get(type)?.({ data })
  }
}

let clock: ManualClock
let sources: FakeSource[]
let woken: WakeReason[]
let random: number
let quietRounds: number
let page: Map<string, () => void>
let isVisible: boolean
let stop: () => void
const start = (hasNudges = true) =>
  createTriggers({
    isVisible: () => isVisible,
    on: (event, run) => {
      page.set(event, run)
      return () => page.delete(event)
    },
    openNudges: hasNudges
      ? () => {
          const source = new FakeSource()
          sources.push(source)
          return source
        }
      : undefined,
    timers: clock,
    random: () => random,
  })({
    wake: (reason) => woken.push(reason),
    wentOffline: () => woken.push('online'),
    quietRounds: () => quietRounds,
  })
const show = (visible: boolean) => {
  isVisible = visible
  page.get('visibility')!()
}
const last = () => sources.at(-1)!

beforeEach(() => {
  clock = createManualClock()
  sources = []
  woken = []
  random = 0.5
  quietRounds = 0
  page = new Map()
  isVisible = true
})

describe('nudges', () => {
  it.each(['moved', 'look'])('%s wakes after a moment of chance, and a burst wakes once', (event) => {
    stop = start()
    last().say('open')
    for (let i = 0; i < 20; i++) last().say(event, 'unit:branch')
    expect(woken).toEqual([])
    clock.tick(10_000)
    expect(woken).toEqual(['nudge'])
    stop()
  })

  it('a connection that breaks is closed and opened anew by the phone itself, later and later', () => {
    stop = start()
    last().say('open')
    const delays: number[] = []
    for (let i = 0; i < 6; i++) {
      const before = sources.length
      last().say('error')
      expect(last().isClosed).toBe(true)
      const began = clock.now()
      while (sources.length === before) clock.tick(500)
      delays.push(clock.now() - began)
    }
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    expect(delays[0]).toBeGreaterThan(5_000)
    expect(delays.at(-1)).toBeLessThanOrEqual(5 * 60_000)
    expect(delays.at(-1)).toBeGreaterThan(delays[0]! * 4)
    stop()
  })

  it('what may have been missed in between is asked for', () => {
    stop = start()
    last().say('open')
    expect(woken).toEqual([])
    last().say('error')
    clock.tick(40_000)
    last().say('open')
    clock.tick(10_000)
    expect(woken).toContain('nudge')
    stop()
  })

  it('a connection that lies dead after it had a heartbeat is given up', () => {
    stop = start()
    last().say('open')
    last().say('beat')
    clock.tick(60_000)
    last().say('beat')
    clock.tick(60_000)
    expect(sources).toHaveLength(1)
    clock.tick(60_000)
    expect(sources[0]?.isClosed).toBe(true)
    expect(sources).toHaveLength(2)
    stop()
  })

  it('showing and hiding the page does not hurry a reconnection', () => {
    stop = start()
    last().say('error')
    for (let i = 0; i < 50; i++) {
      show(false)
      show(true)
    }
    expect(sources).toHaveLength(1)
    clock.tick(10 * 60_000)
    expect(sources.length).toBeGreaterThan(1)
    stop()
  })

  it('a hidden page keeps no connection', () => {
    stop = start()
    last().say('open')
    show(false)
    expect(last().isClosed).toBe(true)
    clock.tick(60 * 60_000)
    expect(sources).toHaveLength(1)
    show(true)
    expect(sources).toHaveLength(2)
    expect(woken).toEqual(['visible'])
    stop()
  })
})

describe('polling', () => {
  const polls = (minutes: number) => {
    woken.length = 0
    clock.tick(minutes * 60_000)
    return woken.filter((reason) => reason === 'timer').length
  }

  it('without nudges asks each minute, and slower while nothing changes, down to five', () => {
    stop = start(false)
    expect(polls(10)).toBe(10)
    quietRounds = 1
    clock.tick(60_000)
    expect(polls(20)).toBe(10)
    quietRounds = 40
    clock.tick(5 * 60_000)
    expect(polls(60)).toBe(12)
    quietRounds = 0
    clock.tick(5 * 60_000)
    expect(polls(10)).toBe(10)
    stop()
  })

  it('asks hardly at all while nudges come, and like before when they stop', () => {
    stop = start()
    last().say('open')
    clock.tick(60_000)
    expect(polls(60)).toBe(12)
    last().say('error')
    // Nobody answers: every reconnection fails.
    for (let i = 0; i < 20; i++) {
      clock.tick(5 * 60_000)
      last().say('error')
    }
    expect(polls(60)).toBeGreaterThanOrEqual(30)
    stop()
  })

  it('asks nothing while nobody looks', () => {
    stop = start(false)
    show(false)
    expect(polls(600)).toBe(0)
    stop()
  })
})

it('the network that is back for a whole hall wakes each phone at another moment, and once', () => {
  stop = start(false)
  page.get('online')!()
  page.get('online')!()
  expect(woken).toEqual([])
  clock.tick(5_000)
  expect(woken).toEqual(['online'])
  stop()
})

it('nothing is left behind', () => {
  stop = start()
  last().say('open')
  last().say('moved')
  page.get('online')!()
  stop()
  clock.tick(60 * 60_000)
  expect(woken).toEqual([])
  expect(page.size).toBe(0)
  expect(clock.pending()).toEqual([])
})
