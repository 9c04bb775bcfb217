import { describe, expect, it } from 'vitest'
import { redirectFor } from '../../../src/client/router.ts'

const page = (path: string, meta: { open?: true } = {}) => ({ path, fullPath: path, meta })
const signedIn = { state: 'signed-in', locked: false } as const
const signedOut = { state: 'signed-out', locked: false } as const

describe('who may see a page', () => {
  it('sends a stranger to sign in and remembers where they wanted to go', () => {
    const sent = redirectFor(page('/circulation/a1'), signedOut)
    expect(sent).toEqual({ path: '/sign-in', query: { return: '/circulation/a1' } })
    expect(redirectFor(page('/today'), signedOut)).toEqual({ path: '/sign-in', query: {} })
  })
  it('lets everyone see open pages, and a signed-in person none that sign in', () => {
    expect(redirectFor(page('/sign-in', { open: true }), signedOut)).toBeUndefined()
    expect(redirectFor(page('/sign-in', { open: true }), signedIn)).toBe('/today')
    expect(redirectFor(page('/activate?return=%2Fme', { open: true }), signedIn)).toBe('/today')
    expect(redirectFor(page('/x', { open: true }), signedIn)).toBeUndefined()
  })
  it('opens a card that was scanned, which says who is signed in', () => {
    expect(redirectFor(page('/activate#n=1010&c=ABCD', { open: true }), signedIn)).toBeUndefined()
  })
  it('opens without a network after the session has ended', () => {
    expect(redirectFor(page('/today'), { state: 'expired', locked: false })).toBeUndefined()
    expect(redirectFor(page('/sign-in', { open: true }), { state: 'expired', locked: false })).toBeUndefined()
  })
  it('locks after thirty days, but never the way to sign in', () => {
    const locked = { state: 'signed-in', locked: true } as const
    expect(redirectFor(page('/members'), locked)).toEqual({ path: '/locked', query: { return: '/members' } })
    expect(redirectFor(page('/sign-in', { open: true }), locked)).toBeUndefined()
  })
})
