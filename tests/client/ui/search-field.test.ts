// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import SearchField from '../../../src/client/ui/forms/SearchField.vue'

it('says how many there are for the words, and nothing without words', async () => {
  const field = mount(SearchField, { props: { modelValue: '', found: 30 } })
  const said = () => field.get('[role=status]').text()
  expect(said()).toBe('')
  await field.setProps({ modelValue: '王', found: 2 })
  expect(said()).toBe('找到 2 条')
  await field.setProps({ modelValue: '王某', found: 0 })
  expect(said()).toBe('没有找到')
})
