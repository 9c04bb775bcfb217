import { describe, expect, it } from 'vitest'
import { findSecrecyMarks } from '../../../src/shared/circulation/intake/secrecy-text.ts'
import { secrecyMarkIn } from '../../../src/shared/circulation/intake/secrecy-marks.ts'

const refused = [
  ['机密-人员名单', '机密'],
  ['2026年名单（秘密）', '秘密'],
  ['绝密文件', '绝密'],
  ['关于某事的通知秘密★1年', '秘密'],
  ['秘 密 通知', '秘密'],
  ['名单_机_密', '机密'],
  ['【秘密】通知', '秘密'],
  ['秘\u200B密 名单.pdf', '秘密'],
  ['机密〔2026〕3号', '机密'],
] as const
const passed = [
  '保守秘密教育材料',
  '商业秘密保护手册',
  '保守国家秘密法学习',
  '数据机密性要求',
  '保密工作通知',
  '手机密码管理',
  '杜绝密切接触传播',
  '揭开奥秘 密切联系群众',
  '随机密度测量',
  '办公室〔2026〕31 号',
  '',
]

describe('names that bear a secrecy mark', () => {
  it.each(refused)('%s is refused', (name, mark) => {
    expect(secrecyMarkIn(name)).toEqual({ mark, level: 'refuse' })
  })
  it.each(passed)('%s may pass', (name) => {
    expect(secrecyMarkIn(name)).toBeNull()
  })
  it.each(['内部资料汇编', '内 部 文 件', '不予公开的名单'])('%s asks for a second look', (name) => {
    expect(secrecyMarkIn(name)?.level).toBe('warn')
  })
  it('a mark weighs more than a warning', () => {
    expect(secrecyMarkIn('内部资料（机密）')).toEqual({ mark: '机密', level: 'refuse' })
  })
  it('a star makes a mark even of a plain word', () => {
    expect(secrecyMarkIn('国家秘密★1年')?.level).toBe('refuse')
  })
  it.each([...refused.map(([name]) => name), ...passed])('desk and import judge alike: %s', (name) => {
    const byImport = findSecrecyMarks(name, 'name').some((mark) => mark.level === 'refuse')
    expect(secrecyMarkIn(name)?.level === 'refuse').toBe(byImport)
  })
})
