// @vitest-environment happy-dom
/** Choosing among 54 branches: all, by committee, by name; what is chosen stays chosen while the list is narrowed. */
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import BranchPicker from '../../../../src/client/features/circulation/desk/dispatch/BranchPicker.vue'

const branches = Array.from({ length: 54 }, (_, at) => ({
  id: `b${at}`,
  name: `${at < 20 ? '机关' : '窗口'}第 ${at + 1} 支部`,
  group: at < 20 ? '机关党委' : '窗口党委',
  isSent: at < 3,
}))

function open(chosen: string[] = []) {
  const picker = mount(BranchPicker, {
    props: {
      branches,
      modelValue: chosen,
      'onUpdate:modelValue': (modelValue: string[]) => picker.setProps({ modelValue }),
    },
    attachTo: document.body,
  })
  const press = (words: string) =>
    picker
      .findAll('button')
      .find((b) => b.text() === words || b.attributes('aria-label') === words)!
      .trigger('click')
  return {
    picker,
    press,
    chosenNow: () => picker.props('modelValue'),
    shown: () => picker.findAll('input[type=checkbox]').length,
    search: (words: string) => picker.get('input[type=search], .search input').setValue(words),
  }
}

describe('the choice of branches', () => {
  it('is all of them, a committee, or those found by name, and is counted', async () => {
    const { picker, press, chosenNow, search, shown } = open()
    expect(picker.text()).toContain('请至少选一个支部')
    await press('全选')
    expect([chosenNow().length, picker.text().includes('已选 54 / 54')]).toEqual([54, true])
    await press('全不选：窗口党委')
    expect(chosenNow()).toHaveLength(20)
    await search('窗口第 30')
    expect(shown()).toBe(1)
    await press('全选这 1 个')
    expect([chosenNow().length, chosenNow().includes('b29')]).toEqual([21, true])
    expect(picker.text()).toContain('已选 21 / 54')
    await search('没有这个')
    expect(picker.text()).toContain('没有这样的支部')
    picker.unmount()
  })

  it('can look at those that have not got it, and at what is chosen, without changing the choice', async () => {
    const { picker, press, chosenNow, shown } = open(['b0', 'b50'])
    await press('只看未发的')
    expect([shown(), chosenNow()]).toEqual([51, ['b0', 'b50']])
    await press('只看已选的')
    expect([shown(), chosenNow()]).toEqual([2, ['b0', 'b50']])
    expect(picker.findAll('[aria-pressed="true"]').map((b) => b.text())).toEqual(['只看已选的'])
    picker.unmount()
  })
})
