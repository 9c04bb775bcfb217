// @vitest-environment happy-dom
/** What is told once, and the figure on the icon. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { markNewsSeen, NEWS, unseenNews } from '../../../src/client/ui/news.ts'

const entry = (version: string) => ({ version, lines: [`${version} 的新内容`] })

beforeEach(() => localStorage.clear())
afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('what is new', () => {
  it('is written for the version that is being made, in a few short lines', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')
    const { version } = JSON.parse(text) as { version: string }
    expect(NEWS[0]?.version).toBe(version)
    for (const { lines } of NEWS) expect(lines.length).toBeLessThanOrEqual(3)
    for (const line of NEWS.flatMap(({ lines }) => lines)) {
      expect([...line].length).toBeLessThanOrEqual(40)
      expect(line).not.toMatch(/[！。]$/)
    }
  })
  it('is no news at the first visit, and is told once after an update', () => {
    expect(unseenNews(localStorage, [entry('0.9.0')])).toBeNull()
    const news = [entry('0.10.0'), entry('0.9.0')]
    expect(unseenNews(localStorage, news)?.version).toBe('0.10.0')
    expect(unseenNews(localStorage, news)?.version).toBe('0.10.0')
    markNewsSeen(localStorage, news)
    expect(unseenNews(localStorage, news)).toBeNull()
  })
  it('does not disturb where nothing can be kept', () => {
    const refuse = () => {
      throw new Error('no storage')
    }
    const storage = { getItem: refuse, setItem: refuse } as unknown as Storage
    expect(unseenNews(storage, [entry('1.0.0')])).toBeNull()
    expect(() => markNewsSeen(storage)).not.toThrow()
  })
})

describe('the figure on the icon', () => {
  async function setUp(userAgent: string, permission = 'default') {
    const set = vi.fn(() => Promise.resolve())
    const clear = vi.fn(() => Promise.resolve())
    const ask = vi.fn(() => {
      Object.assign(notification, { permission: 'granted' })
      return Promise.resolve('granted')
    })
    const notification = { permission, requestPermission: ask }
    vi.stubGlobal('navigator', { userAgent, maxTouchPoints: 5, setAppBadge: set, clearAppBadge: clear })
    vi.stubGlobal('Notification', notification)
    return { set, clear, ask, badge: await import('../../../src/client/ui/device/icon-badge.ts') }
  }
  it('is shown where the platform has one, and taken away with the last thing', async () => {
    const { set, clear, ask, badge } = await setUp('Mozilla/5.0 (Windows NT 10.0) Chrome/124')
    expect(badge.hasBadge()).toBe(true)
    await badge.showBadge(3)
    expect(set).toHaveBeenCalledWith(3)
    await badge.showBadge(0)
    expect(clear).toHaveBeenCalledOnce()
    expect(ask).not.toHaveBeenCalled()
  })
  it('on an iPhone comes after a tap and a yes, never by itself', async () => {
    const { set, ask, badge } = await setUp('Mozilla/5.0 (iPhone; CPU iPhone OS 17_4) Safari')
    await badge.showBadge(2)
    expect(ask).not.toHaveBeenCalled()
    expect(set).not.toHaveBeenCalled()
    expect(await badge.chooseBadge(true)).toBe(true)
    expect(ask).toHaveBeenCalledOnce()
    await badge.showBadge(2)
    expect(set).toHaveBeenCalledWith(2)
  })
  it('stays away when it is switched off', async () => {
    const { set, clear, badge } = await setUp('Mozilla/5.0 (Windows NT 10.0) Chrome/124')
    await badge.chooseBadge(false)
    await badge.showBadge(2)
    expect(set).not.toHaveBeenCalled()
    expect(clear).toHaveBeenCalledOnce()
  })
  it('is no trouble where the platform refuses or has none', async () => {
    const { badge } = await setUp('Mozilla/5.0 (Windows NT 10.0) Chrome/124')
    vi.stubGlobal('navigator', { userAgent: '', setAppBadge: () => Promise.reject(new Error('not allowed')) })
    await expect(badge.showBadge(1)).resolves.toBeUndefined()
    vi.stubGlobal('navigator', { userAgent: '' })
    expect(badge.hasBadge()).toBe(false)
    await expect(badge.showBadge(1)).resolves.toBeUndefined()
  })
})
