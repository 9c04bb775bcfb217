// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import DeliveryMark from '../../../src/client/ui/content/DeliveryMark.vue'
import ListCard from '../../../src/client/ui/content/ListCard.vue'
import ListRow from '../../../src/client/ui/content/ListRow.vue'
import ProseText from '../../../src/client/ui/content/ProseText.vue'
import FieldText from '../../../src/client/ui/forms/FieldText.vue'
import SegmentedChoice from '../../../src/client/ui/forms/SegmentedChoice.vue'

describe('FieldText', () => {
  it('ties label, hint, error and counter to the control', () => {
    const field = mount(FieldText, {
      props: { label: '短码', hint: '六位数字', error: '还差两位', limit: 6, modelValue: '1234' },
    })
    const input = field.get('input')
    expect(field.get('label').attributes('for')).toBe(input.attributes('id'))
    const described = (input.attributes('aria-describedby') ?? '').split(' ')
    expect(described.map((id) => field.get(`[id="${id}"]`).text())).toEqual(['六位数字', '还差两位', '4 / 6'])
    expect(input.attributes('aria-invalid')).toBe('true')
  })
  it('is not described by an error that is gone', async () => {
    const field = mount(FieldText, { props: { label: '短码', error: '还差两位' } })
    await field.setProps({ error: undefined })
    expect(field.get('input').attributes('aria-describedby')).toBeUndefined()
    expect(field.get('input').attributes('aria-invalid')).toBeUndefined()
  })
  it('counts what is over and cuts nothing', async () => {
    const field = mount(FieldText, { props: { label: '心得', multiline: true, limit: 5 } })
    await field.get('textarea').setValue('一二三四五六𠮷')
    expect(field.emitted('update:modelValue')?.at(-1)).toEqual(['一二三四五六𠮷'])
    await field.setProps({ modelValue: '一二三四五六𠮷' })
    expect(field.text()).toContain('超出 2 字')
  })
})

describe('DeliveryMark', () => {
  it.each([
    ['on-device', '已存本机'],
    ['waiting', '待送达'],
    ['delivered', '已送达'],
    ['attention', '需处理'],
  ] as const)('says %s as %s', (state, word) => {
    expect(mount(DeliveryMark, { props: { state } }).text()).toBe(word)
  })
})

describe('ListRow', () => {
  it('is a list item with a button that emits press', async () => {
    const card = mount({
      components: { ListCard, ListRow },
      template:
        '<ListCard heading="今天到期"><ListRow title="两份文件待签" button @press="$emit(`pressed`)" /></ListCard>',
      emits: ['pressed'],
    })
    await card.get('ul > li > button').trigger('click')
    expect(card.emitted('pressed')).toHaveLength(1)
  })
  it('is a plain box outside a list', () => {
    expect(mount(ListRow, { props: { title: '第 2 版' } }).element.tagName).toBe('DIV')
  })
})

it('SegmentedChoice is a named group of radio buttons', async () => {
  const choice = mount(SegmentedChoice, {
    props: {
      label: '考勤',
      modelValue: 'present',
      choices: [
        { value: 'present', label: '到', spoken: '到会' },
        { value: 'absent', label: '缺' },
      ],
    },
  })
  expect(choice.get('legend').text()).toBe('考勤')
  expect(choice.get('input').attributes('aria-label')).toBe('到会')
  expect(choice.get('input').element.checked).toBe(true)
  await choice.findAll('input')[1]!.setValue()
  expect(choice.emitted('update:modelValue')).toEqual([['absent']])
})

it('ProseText puts each table into a box that scrolls, again when the text changes', async () => {
  const prose = mount(ProseText, { props: { safeHtml: '<p>一</p><table><tr><td>二</td></tr></table>' } })
  expect(prose.findAll('[role=region][tabindex="0"] > table')).toHaveLength(1)
  await prose.setProps({ safeHtml: '<table><tr><td>三</td></tr></table><table><tr><td>四</td></tr></table>' })
  await prose.vm.$nextTick()
  expect(prose.findAll('.table-scroll > table')).toHaveLength(2)
})
