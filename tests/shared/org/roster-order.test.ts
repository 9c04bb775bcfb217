import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import {
  rosterInitial,
  rosterInitials,
  sortRoster,
  surnameOf,
  type RosterOrder,
} from '../../../src/shared/org/order/roster-order.ts'
import { STROKES } from '../../../src/shared/org/order/roster-strokes.ts'

const people = (names: string) =>
  names.split(' ').map((name, at) => ({ personId: `p${at}`, name, handOrder: 0 }))
const sorted = (names: string, order: RosterOrder) =>
  sortRoster(people(names), order)
    .map((person) => person.name)
    .join(' ')

describe('surnames', () => {
  it.each([
    ['欧阳锋', '欧阳'],
    ['司马光', '司马'],
    ['单于琼', '单于'],
    ['欧明', '欧'],
    ['东方', '东'],
    ['爱新觉罗·某', '爱新觉罗'],
    ['买买提江·阿不都热合曼', '买'],
    ['', ''],
  ])('%s has the surname %s', (name, surname) => expect(surnameOf(name)).toBe(surname))
})

describe('by strokes', () => {
  it.each([
    ['丁', '2画'],
    ['马', '3画'],
    ['王', '4画'],
    ['邓', '4画'],
    ['陈', '7画'],
    ['范', '8画'],
    ['郑', '8画'],
    ['黄', '11画'],
    ['郭', '10画'],
    ['蒋', '12画'],
    ['谢', '12画'],
    ['魏', '17画'],
    ['瞿', '18画'],
  ])('%s has %s by the mainland standard', (name, initial) =>
    expect(rosterInitial(`${name}某`, 'strokes')).toBe(initial),
  )
  it('orders one number by the strokes themselves: 一 丨 丿 丶 乛', () => {
    expect(sorted('孙一 刘一 朱一 吕一 邢一', 'strokes')).toBe('邢一 吕一 朱一 刘一 孙一')
  })
  it('keeps one surname together, shorter names first, then by the next character', () => {
    expect(sorted('陈平安 张丽 陈平 陈安 陈一', 'strokes')).toBe('张丽 陈一 陈平 陈安 陈平安')
  })
  it('puts a compound surname after the single one of its first character', () => {
    expect(sorted('欧阳锋 欧明', 'strokes')).toBe('欧明 欧阳锋')
  })
  it('lists every character once, by rising count', () => {
    const all = STROKES.flatMap(([, characters]) => [...characters])
    expect(new Set(all).size).toBe(all.length)
    expect(all.length).toBeGreaterThan(6700)
    const counts = STROKES.map(([count]) => count)
    expect(counts).toEqual([...counts].sort((a, b) => a - b))
  })
})

describe('by pinyin', () => {
  it.each([
    ['单雄信', 'S'],
    ['单于琼', 'S'],
    ['曾国', 'Z'],
    ['解晓东', 'X'],
    ['仇和', 'Q'],
    ['查良镛', 'Z'],
    ['区志', 'O'],
    ['朴正', 'P'],
    ['覃坤', 'Q'],
    ['任杰', 'R'],
    ['尉迟恭', 'Y'],
    ['尉健', 'W'],
    ['万俟某', 'M'],
    ['盖某', 'G'],
    ['种某', 'C'],
    ['冼某', 'X'],
    ['吕某', 'L'],
    ['鑫某', 'X'],
    ['Tom', 'T'],
  ])('%s is found under %s', (name, initial) => {
    expect(rosterInitial(name, 'pinyin')).toBe(initial)
  })
  it('orders by reading, tones and given name', () => {
    expect(sorted('查一 单一 曾一 仇一 欧阳一 区一 王丽 王安', 'pinyin')).toBe(
      '区一 欧阳一 仇一 单一 王安 王丽 曾一 查一',
    )
  })
})

describe('by hand', () => {
  it('follows the given places; those without come after, by strokes', () => {
    const list = [
      { personId: 'a', name: '黄某', handOrder: 0 },
      { personId: 'b', name: '丁某', handOrder: 0 },
      { personId: 'c', name: '赵某', handOrder: 2 },
      { personId: 'd', name: '钱某', handOrder: 1 },
    ]
    expect(sortRoster(list, 'hand').map((p) => p.personId)).toEqual(['d', 'c', 'b', 'a'])
    expect(rosterInitials(list, 'hand')).toEqual([])
  })
})

describe('any roster', () => {
  const names = fc.array(
    fc.constantFrom(...'王丽 王丽 欧阳若 欧明 单一 陈平 陈平安 Tom 鑫鑫 𠮷田 某 黄某'.split(' ')),
    {
      maxLength: 40,
    },
  )
  it.each(['strokes', 'pinyin', 'hand'] as const)(
    'comes in the same order however it arrived: %s',
    (order) => {
      fc.assert(
        fc.property(names, fc.infiniteStream(fc.nat()), (list, random) => {
          const all = list.map((name, at) => ({ personId: `p${at}`, name, handOrder: at % 3 }))
          const places = new Map(all.map((person) => [person.personId, random.next().value ?? 0]))
          const placeOf = (person: { personId: string }) => places.get(person.personId) ?? 0
          const shuffled = [...all].sort((a, b) => placeOf(a) - placeOf(b))
          const ids = (roster: typeof all) => sortRoster(roster, order).map((p) => p.personId)
          expect(ids(shuffled)).toEqual(ids(all))
        }),
      )
    },
  )
  it.each(['strokes', 'pinyin', 'hand'] as const)('puts any two as they would stand alone: %s', (order) => {
    fc.assert(
      fc.property(names, (list) => {
        const all = sortRoster(
          list.map((name, at) => ({ personId: `p${at}`, name, handOrder: at % 3 })),
          order,
        )
        for (const [at, person] of all.entries())
          for (const later of all.slice(at + 1)) expect(sortRoster([later, person], order)[0]).toBe(person)
      }),
      { numRuns: 40 },
    )
  })
  it('names each initial once, in the order of the list', () => {
    const list = sortRoster(people('王一 马一 丁一 王二 黄一 卜一'), 'strokes')
    expect(rosterInitials(list, 'strokes')).toEqual(['2画', '3画', '4画', '11画'])
  })
})
