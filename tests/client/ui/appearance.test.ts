// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const storageKey = 'window-hall.appearance'
const root = document.documentElement

/** A fresh module, as after a restart of the app. */
const restart = async () => {
  vi.resetModules()
  return (await import('../../../src/client/ui/device/appearance.ts')).useAppearance()
}

beforeEach(() => localStorage.clear())
afterEach(() => vi.restoreAllMocks())

describe('useAppearance', () => {
  it('begins with the usual look', async () => {
    const { choice } = await restart()
    expect(choice).toEqual({ theme: 'auto', elder: false, readerSize: 'medium', readerFace: 'serif' })
    expect(root.dataset['theme']).toBe('auto')
    expect(root.hasAttribute('data-elder')).toBe(false)
  })
  it('applies a choice at once and keeps it over a restart', async () => {
    const { choose } = await restart()
    choose({ theme: 'dark', elder: true, readerFace: 'sans' })
    expect(root.dataset['theme']).toBe('dark')
    expect(root.hasAttribute('data-elder')).toBe(true)
    const { choice, isDark } = await restart()
    expect(choice).toMatchObject({ theme: 'dark', elder: true, readerFace: 'sans' })
    expect(isDark.value).toBe(true)
  })
  it.each(['{', '"x"', '{"theme":"pink","elder":"yes","readerSize":9}'])(
    'survives stored %s',
    async (stored) => {
      localStorage.setItem(storageKey, stored)
      const { choice } = await restart()
      expect(choice).toEqual({ theme: 'auto', elder: false, readerSize: 'medium', readerFace: 'serif' })
    },
  )
  it('still changes the look when storage refuses', async () => {
    const { choose } = await restart()
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    choose({ theme: 'light' })
    expect(root.dataset['theme']).toBe('light')
  })
})
