import { describe, expect, it } from 'vitest'
import { deliveryLineOf } from '../../../src/client/app/delivery/delivery-line.ts'
import { deviceNameOf } from '../../../src/client/app/session/device-name.ts'

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
  it.each([
    ['update', '请更新应用'],
    ['sign-in', '请重新登录'],
  ] as const)('%s: says what has to be done, with what waits for it', (phase, act) => {
    expect(deliveryLineOf({ ...calm, phase }, 5).text).toBe(act)
    const waiting = deliveryLineOf({ ...calm, phase, waiting: 3, oldestWaitingAt: 0 }, 2 * HOUR)
    expect(waiting).toEqual({ state: 'waiting', text: `还有 3 条在本机，${act}` })
  })
  it('puts 需处理 before everything', () => {
    expect(deliveryLineOf({ ...calm, waiting: 3, attention: 1 }, 5)).toEqual({
      state: 'attention',
      text: '需处理 1 条',
    })
  })
})

describe('a device', () => {
  it('is named so that its owner knows it', () => {
    const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1'
    expect(deviceNameOf(iphone)).toBe('iPhone · Safari')
    expect(deviceNameOf('curl')).toBe('浏览器')
  })
})
