import { describe, expect, it, vi } from 'vitest'
import { deliveryLineOf } from '../../../src/client/app/delivery/delivery-line.ts'
import { sentenceOf } from '../../../src/client/app/failure.ts'
import { deviceNameOf } from '../../../src/client/app/session/session-parts.ts'
import { StorageTrouble } from '../../../src/client/storage/trouble.ts'

const calm = {
  phase: 'idle',
  waiting: 0,
  oldestWaitingAt: null,
  attention: 0,
  lastContactAt: 1,
  preparing: false,
} as const
const HOUR = 3_600_000

describe('the line about delivery', () => {
  it('says 全部已送达 only when nothing waits and the endpoint was reached', () => {
    expect(deliveryLineOf(calm, 5)).toEqual({ state: 'delivered', text: '全部已送达' })
    expect(deliveryLineOf({ ...calm, lastContactAt: null }, 5).state).toBe('on-device')
    expect(deliveryLineOf({ ...calm, phase: 'offline' }, 5).state).toBe('on-device')
  })
  it('counts what waits, with the age of the oldest', () => {
    const line = deliveryLineOf({ ...calm, waiting: 3, oldestWaitingAt: 0 }, 2 * HOUR)
    expect(line.text).toBe('还有 3 条在本机，最早一条 2 小时前')
  })
  it('puts 需处理 before everything', () => {
    expect(deliveryLineOf({ ...calm, waiting: 3, attention: 1 }, 5)).toEqual({
      state: 'attention',
      text: '需处理 1 条',
    })
  })
})

describe('what went wrong, in words', () => {
  it('keeps the sentence of our own errors and hides the words of others', () => {
    expect(sentenceOf(new StorageTrouble('quota', null))).toContain('手机空间不足')
    expect(sentenceOf(new TypeError('x is undefined'))).not.toContain('undefined')
    expect(sentenceOf(new DOMException('stopped', 'AbortError'))).toBeNull()
    expect(sentenceOf(new TypeError('Failed to fetch dynamically imported module: /assets/a.js'))).toContain(
      '还没有存到本机',
    )
  })
  it('online, a part that is gone went with the version before', () => {
    vi.stubGlobal('navigator', { onLine: true })
    const gone = new TypeError('Failed to fetch dynamically imported module: /assets/a.js')
    expect(sentenceOf(gone)).toContain('有新版本，请重新打开')
    expect(sentenceOf(new TypeError('Load failed'))).toContain('连上网络')
    vi.stubGlobal('navigator', { onLine: false })
    expect(sentenceOf(gone)).toContain('连上网络')
    vi.unstubAllGlobals()
  })
  it('names a device so that its owner knows it', () => {
    const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1'
    expect(deviceNameOf(iphone)).toBe('iPhone · Safari')
    expect(deviceNameOf('curl')).toBe('浏览器')
  })
})
