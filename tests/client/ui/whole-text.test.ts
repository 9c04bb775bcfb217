// @vitest-environment happy-dom
/** A line of facts: what may not be torn is bound, and the text stays what it was. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import WholeText from '../../../src/client/ui/layout/WholeText.vue'

const boundIn = (text: string) => {
  const wrapper = mount(WholeText, { props: { text } })
  expect(wrapper.text()).toBe(text)
  return wrapper.findAll('.bound').map((bound) => bound.element.textContent)
}

it('keeps a figure beside its words', () =>
  expect(boundIn('应到 22 人，实到 17 人（迟到 1 人），缺席 1 人')).toEqual([
    '到 22 人',
    '到 17 人',
    '到 1 人',
    '席 1 人',
  ]))
it('keeps a figure at the end behind its words', () =>
  expect(boundIn('应补学 19，已补 1；待核定 1，未点 900')).toEqual(['学 19', '补 1', '定 1', '点 900']))
it('keeps the parts of a date whole, and lets a line end between day and weekday', () =>
  expect(boundIn('2026 年 11 月 24 日 周二 18:30')).toEqual(['2026 年', '11 月', '24 日']))
it('lets a name of several parts break after its dots only', () => {
  expect(boundIn('买买提·阿卜杜热合曼·吐尔逊江（值班）、宁海棠（事）')).toEqual(['提·', '曼·'])
  const wrapper = mount(WholeText, { props: { text: '买买提·吐尔逊江' } })
  expect(wrapper.html()).toMatch(/提·<\/span>\s*<wbr[^>]*>/)
})
it('takes a line without any of it, and an empty one, as it is', () => {
  expect(boundIn('三楼会议室')).toEqual([])
  expect(boundIn('')).toEqual([])
})
