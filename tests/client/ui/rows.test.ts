// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import ListRow from '../../../src/client/ui/lists/ListRow.vue'
import TitleText from '../../../src/client/ui/layout/TitleText.vue'

const wholePieces = (text: string): string[] =>
  mount(TitleText, { props: { text } })
    .findAll('.whole')
    .map((piece) => piece.text())

it('breaks a name of several parts after its dots only', () => {
  expect(wholePieces('买买提·阿卜杜热合曼·吐尔逊江')).toEqual(['买买提·', '阿卜杜热合曼·', '吐尔逊江'])
  expect(mount(TitleText, { props: { text: '买买提·买买提依明' } }).text()).toBe('买买提·买买提依明')
})

it('keeps words in brackets at the end of a title in one piece, and takes a dot between words for no name', () => {
  expect(wholePieces('第四季度支部党员大会（示例）')).toEqual(['（示例）'])
  expect(wholePieces('综合受理科 · 业务')).toEqual([])
})

it('says the second line as it was given, each part in one piece with the dot before it', () => {
  const row = mount(ListRow, { props: { title: '3 份文件待签', note: '云政服党〔2026〕31号 等 · 明天截止' } })
  expect(row.get('.second').text()).toBe('云政服党〔2026〕31号 等 · 明天截止')
  expect(row.findAll('.part').map((part) => part.text())).toEqual(['云政服党〔2026〕31号 等', '· 明天截止'])
})
