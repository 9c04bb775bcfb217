import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  createBureauClock,
  stepAt,
  untilNextStep,
} from '../../../../src/shared/meetings/codes/bureau-time.ts'

const DAY = 86_400_000
const BUREAU = Date.parse('2026-11-23T13:00:00Z')

function phone(wrongBy: number, contactAge = 3_600_000) {
  let wall = BUREAU + wrongBy
  let even = 77
  const contact = {
    serverOffset: -wrongBy,
    lastContactAt: wall - contactAge,
    serverTimeSeen: BUREAU - contactAge,
  }
  return {
    contact,
    open: () =>
      createBureauClock(
        () => wall,
        () => even,
        contact,
      ),
    pass(ms: number) {
      wall += ms
      even += ms
    },
    sleep: (ms: number) => (wall += ms),
    change: (ms: number) => (wall += ms),
  }
}

it('a clock that is wrong, by whatever, tells the bureau’s time after a contact', () => {
  fc.assert(
    fc.property(fc.integer({ min: -4000 * DAY, max: 4000 * DAY }), fc.nat(DAY), (wrongBy, passed) => {
      const p = phone(wrongBy)
      const clock = p.open()
      p.pass(passed)
      expect(clock.now()).toBe(BUREAU + passed)
      expect(clock.doubt).toBe(null)
    }),
  )
})

it('a clock that is changed while the page is in sight moves nothing, and is told', () => {
  for (const change of [-3 * DAY, 2 * 3_600_000, 3 * DAY]) {
    const p = phone(0)
    const clock = p.open()
    p.pass(60_000)
    p.change(change)
    expect(clock.now()).toBe(BUREAU + 60_000)
    expect(clock.doubt).toBe('jumped')
  }
})

it('a phone that slept is not accused', () => {
  const p = phone(0)
  const clock = p.open()
  clock.slept()
  p.sleep(40 * 60_000)
  expect(clock.now()).toBe(BUREAU + 40 * 60_000)
  expect(clock.doubt).toBe(null)
})

it('a clock set back since the last contact is told, and time does not fall behind that contact', () => {
  const p = phone(0)
  p.change(-2 * DAY)
  const clock = p.open()
  expect(clock.doubt).toBe('set-back')
  expect(clock.now()).toBe(p.contact.serverTimeSeen)
})

it('a new contact settles it', () => {
  const p = phone(0)
  const clock = p.open()
  p.change(3 * DAY)
  clock.now()
  expect(clock.doubt).toBe('jumped')
  clock.heard({ serverOffset: -3 * DAY, lastContactAt: BUREAU + 3 * DAY, serverTimeSeen: BUREAU })
  expect(clock.now()).toBe(BUREAU)
  expect(clock.doubt).toBe(null)
})

it('without any contact the phone’s own time stands in, and that is told', () => {
  const clock = createBureauClock(
    () => BUREAU,
    () => 0,
    {},
  )
  expect([clock.now(), clock.doubt]).toEqual([BUREAU, 'never'])
})

it('steps follow one another without a gap', () => {
  fc.assert(
    fc.property(fc.nat(DAY), (at) => {
      const next = BUREAU + at + untilNextStep(BUREAU + at)
      expect(stepAt(next)).toBe(stepAt(BUREAU + at) + 1)
      expect(stepAt(next - 1)).toBe(stepAt(BUREAU + at))
    }),
  )
})
