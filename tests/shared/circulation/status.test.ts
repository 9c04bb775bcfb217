/** When a circulation asks: by the wall calendar of the bureau, wherever the phone or the endpoint stands. */
import { describe, expect, it } from 'vitest'
import { circulationStatus } from '../../../src/shared/circulation/status.ts'

const at = (moment: string): number => Date.parse(moment)

describe('circulationStatus', () => {
  it('asks through the whole last day of validity, and is archived with the next', () => {
    const c = { state: 'open', expiresOn: '2026-11-30' } as const
    expect(circulationStatus(c, at('2026-11-30T23:59:59.999+08:00'))).toBe('open')
    expect(circulationStatus(c, at('2026-12-01T00:00:00+08:00'))).toBe('archived')
    // Still the 30th in London and in New York: the hall's calendar counts.
    expect(circulationStatus(c, at('2026-11-30T16:00:00Z'))).toBe('archived')
  })

  it('asks for ever without a last day, and as old records say it', () => {
    const late = at('2036-01-01T00:00:00+08:00')
    for (const c of [{}, { state: 'open' }, { state: 'open', expiresOn: null }] as const)
      expect(circulationStatus(c, late)).toBe('open')
  })

  it('is archived when closed by hand, and recalled whatever else it is', () => {
    const now = at('2026-11-23T08:00:00+08:00')
    expect(circulationStatus({ state: 'closed', expiresOn: '2027-01-01' }, now)).toBe('archived')
    expect(circulationStatus({ state: 'recalled', expiresOn: '2020-01-01' }, now)).toBe('recalled')
  })
})
