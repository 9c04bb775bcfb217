/** A sitting that is taken out of a meeting takes no mark out of sight, and comes back as the one that it was. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { civilInstant } from '../../../../src/shared/civil-time.ts'
import { ROLL_STATES } from '../../../../src/shared/meetings/mark-words.ts'
import {
  droppedSittings,
  withSittingBack,
} from '../../../../src/shared/meetings/sittings/dropped-sittings.ts'
import { markOf } from '../factories.ts'

const at = (clock: string) => civilInstant('2026-11-23', clock)
const sitting = (id: string, name: string, clock: string) => ({
  id,
  name,
  startsAt: at(clock),
  place: '三楼',
})
const meeting = { date: '2026-11-23', sittings: [sitting('t', '晚班场', '18:30')] }

it('is known by its marks, with how many people stand in it', () => {
  const marks = [
    markOf('1', 'a', 'present', { sittingId: 's', observedAt: at('08:12') }),
    markOf('2', 'a', 'absent', { sittingId: 's', observedAt: at('08:40') }),
    markOf('3', 'b', 'leave', { sittingId: 's', observedAt: at('08:05') }),
    markOf('4', 'c', 'present', { sittingId: 't' }),
  ]
  expect(droppedSittings(meeting, marks)).toEqual([{ id: 's', people: 2, firstAt: at('08:05') }])
  expect(droppedSittings(meeting, marks.toReversed())).toEqual(droppedSittings(meeting, marks))
})

it('is none where everything was taken back', () => {
  const marks = [
    markOf('1', 'a', 'present', { sittingId: 's' }),
    markOf('2', 'a', 'cleared', { sittingId: 's', supersedes: ['1'] }),
  ]
  expect(droppedSittings(meeting, marks)).toEqual([])
})

it('comes back with the name and hour that the phone still knows', () => {
  const known = sitting('s', '早班场', '08:00')
  const back = withSittingBack(meeting, { id: 's', firstAt: at('08:05') }, known)
  expect(back.sittings).toEqual([known, ...meeting.sittings])
})

it('comes back on the meeting’s day, whatever the clock of its phone said, and under a name that no other has', () => {
  const threeYears = { id: 's', firstAt: civilInstant('2029-02-01', '08:05') }
  const once = withSittingBack(meeting, threeYears)
  expect(once.sittings[0]).toEqual({ id: 's', name: '恢复的场次', startsAt: at('08:00'), place: '' })
  expect(withSittingBack(once, threeYears)).toBe(once)
  const twice = withSittingBack(once, { id: 'r', firstAt: at('09:59') })
  expect(twice.sittings.map(({ name }) => name)).toEqual(['恢复的场次', '恢复的场次 2', '晚班场'])
})

it('whatever is taken out, every mark that says something stands in a sitting or in one that can be put back', () => {
  const ids = ['s', 't', 'u', 'v']
  const marks = fc.array(
    fc
      .tuple(
        fc.uuid(),
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom(...ROLL_STATES),
        fc.constantFrom(...ids),
      )
      .map(([id, person, state, sittingId]) => markOf(id, person, state, { sittingId })),
  )
  fc.assert(
    fc.property(marks, fc.subarray(ids), (given, kept) => {
      let now = { date: '2026-11-23', sittings: kept.map((id) => sitting(id, id, '08:00')) }
      for (const dropped of droppedSittings(now, given)) now = withSittingBack(now, dropped)
      expect(droppedSittings(now, given)).toEqual([])
      const known = now.sittings.map(({ id }) => id)
      expect(new Set(known).size).toBe(known.length)
      expect(new Set(now.sittings.map(({ name }) => name)).size).toBe(known.length)
      for (const { fields } of given)
        if (fields.state !== 'cleared') expect(known).toContain(fields.sittingId)
    }),
  )
})
