// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import DeliveryMark from '../../../src/client/ui/content/DeliveryMark.vue'
import ListCard from '../../../src/client/ui/lists/ListCard.vue'
import ListRow from '../../../src/client/ui/lists/ListRow.vue'
import ProgressBar from '../../../src/client/ui/content/ProgressBar.vue'
import ProseText from '../../../src/client/ui/content/ProseText.vue'
import RosterIndex from '../../../src/client/ui/lists/RosterIndex.vue'
import FieldText from '../../../src/client/ui/forms/FieldText.vue'
import SegmentedChoice from '../../../src/client/ui/forms/SegmentedChoice.vue'

/** happy-dom lays nothing out: the sizes are told here, and so is their change. */
function layOut() {
  const observers: { target: Element; tell: ResizeObserverCallback }[] = []
  vi.stubGlobal(
    'ResizeObserver',
    class {
      readonly tell: ResizeObserverCallback
      constructor(tell: ResizeObserverCallback) {
        this.tell = tell
      }
      observe(target: Element) {
        observers.push({ target, tell: this.tell })
      }
      disconnect() {}
    },
  )
  return (element: Element, width: number, heights: { scrollHeight: number; clientHeight?: number }) => {
    for (const [name, value] of Object.entries(heights))
      Object.defineProperty(element, name, { value, configurable: true })
    const entry = { contentRect: { width } } as ResizeObserverEntry
    for (const { target, tell } of observers) if (target === element) tell([entry], {} as ResizeObserver)
  }
}
afterEach(() => void vi.unstubAllGlobals())

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
    expect(field.get('textarea').attributes('aria-invalid')).toBe('true')
    await field.setProps({ modelValue: '一二三四五' })
    expect(field.get('textarea').attributes('aria-invalid')).toBeUndefined()
  })
  it('stays as high as its text at every width', async () => {
    const resize = layOut()
    const field = mount(FieldText, { props: { label: '心得', multiline: true, modelValue: '一二三' } })
    await field.vm.$nextTick()
    const area = field.get('textarea').element
    resize(area, 300, { scrollHeight: 80 })
    expect(area.style.height).toBe('82px')
    resize(area, 150, { scrollHeight: 160 })
    expect(area.style.height).toBe('162px')
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

describe('RosterIndex', () => {
  it('slides under the finger where all initials have room, and scrolls where not', async () => {
    const resize = layOut()
    const index = mount(RosterIndex, { props: { initials: ['张', '李'] }, attachTo: document.body })
    await index.vm.$nextTick()
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(index.findAll('button')[1]!.element)
    await index.trigger('pointermove', { pointerType: 'touch' })
    expect(index.emitted('jump')).toEqual([['李']])
    await index.trigger('pointerup')
    resize(index.element, 28, { scrollHeight: 1000, clientHeight: 400 })
    await index.vm.$nextTick()
    expect(index.classes()).toContain('long')
    await index.trigger('pointermove', { pointerType: 'touch' })
    await index.findAll('button')[0]!.trigger('click')
    expect(index.emitted('jump')).toEqual([['李'], ['张']])
    index.unmount()
  })
})

it('ProgressBar says a share only of something', async () => {
  const bar = mount(ProgressBar, { props: { label: '已学', value: 2, max: 4 } })
  expect(bar.attributes()).toMatchObject({ 'aria-valuenow': '2', 'aria-valuemax': '4' })
  await bar.setProps({ value: 0, max: 0 })
  expect(bar.attributes('aria-valuenow')).toBeUndefined()
  expect(bar.attributes('aria-valuemax')).toBeUndefined()
})

describe('ListRow', () => {
  it('is a list item with a button that emits press', async () => {
    const card = mount({
      components: { ListCard, ListRow },
      template:
        '<ListCard heading="今天"><ListRow title="2 份文件待签" button @press="$emit(`pressed`)" /></ListCard>',
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
