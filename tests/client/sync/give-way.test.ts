/** The person who writes goes before the engine's next booking, and never holds it up for long. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createGiveWay, LONGEST_MS, SCREEN_MS, type GiveWay } from '../../../src/client/sync/give-way.ts'
import { createManualClock } from '../../support/client/manual-clock.ts'

let clock: ReturnType<typeof createManualClock>
let way: GiveWay

beforeEach(() => {
  clock = createManualClock(0)
  way = createGiveWay(clock)
})

/** Whether the engine may book, asked again after each `tick`. */
function asked(): { mayBook: boolean } {
  const state = { mayBook: false }
  void way.untilQuiet().then(() => (state.mayBook = true))
  return state
}

async function tick(ms: number): Promise<void> {
  clock.tick(ms)
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

describe('a booking', () => {
  it('waits for nobody when nobody writes', async () => {
    const engine = asked()
    await tick(0)
    expect(engine.mayBook).toBe(true)
  })

  it('waits for the write and for the screens that read it', async () => {
    let onDisk = (): void => undefined
    const write = way.writing(() => new Promise<void>((resolve) => (onDisk = resolve)))
    const engine = asked()
    await tick(100)
    onDisk()
    await write
    await tick(SCREEN_MS - 1)
    expect(engine.mayBook).toBe(false)
    await tick(1)
    expect(engine.mayBook).toBe(true)
  })

  it('goes on after a write that failed', async () => {
    await expect(way.writing(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
    const engine = asked()
    await tick(SCREEN_MS)
    expect(engine.mayBook).toBe(true)
  })

  it('goes on beside somebody who never stops', async () => {
    void way.writing(() => new Promise(() => undefined))
    const engine = asked()
    await tick(LONGEST_MS - 1)
    expect(engine.mayBook).toBe(false)
    await tick(1)
    expect(engine.mayBook).toBe(true)
  })
})
