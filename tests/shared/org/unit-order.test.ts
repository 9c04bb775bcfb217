import { expect, it } from 'vitest'
import { compareUnitNames } from '../../../src/shared/org/order/unit-order.ts'

it('puts units in the order of their numbers, however these are written', () => {
  const names = [
    '窗口第十二支部',
    '窗口第三支部',
    '窗口第一支部',
    '窗口第二十支部',
    '窗口第二支部',
    '窗口第十支部',
  ]
  expect(names.sort(compareUnitNames)).toEqual([
    '窗口第一支部',
    '窗口第二支部',
    '窗口第三支部',
    '窗口第十支部',
    '窗口第十二支部',
    '窗口第二十支部',
  ])
  expect(['第10支部', '第9支部'].sort(compareUnitNames)).toEqual(['第9支部', '第10支部'])
})

it('puts the others by their sound, and the same name beside itself', () => {
  expect(['综合受理科', '党建科', '企业科'].sort(compareUnitNames)).toEqual([
    '党建科',
    '企业科',
    '综合受理科',
  ])
  expect(compareUnitNames('党建科', '党建科')).toBe(0)
})
