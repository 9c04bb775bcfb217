import { describe, expect, it } from 'vitest'
import { findSecrecyMarks } from '../../../../src/shared/circulation/intake/secrecy-text.ts'
import { passedNames, refusedNames } from './names-to-judge.ts'

const levels = (text: string, where?: 'text' | 'name') =>
  findSecrecyMarks(text, where).map(({ mark, level }) => `${level} ${mark}`)

describe('marks in a text are refused', () => {
  it.each([
    ['秘密★', '秘密'],
    ['机密★1年', '机密'],
    ['机密★长期', '机密'],
    ['绝密', '绝密'],
    ['　绝　密　', '绝密'],
    ['秘 密', '秘密'],
    ['机　密★２０年', '机密'],
    ['秘\u200B密★1年', '秘密'],
    ['密级：秘密', '秘密'],
    ['密  级 : 机 密', '机密'],
    ['密级（绝密）', '绝密'],
    ['| 密级 | 秘密 |', '秘密'],
    ['保密等级：机密级', '机密'],
    ['【机密】关于某事的通知', '机密'],
    ['关于某事的通知（秘密）', '秘密'],
    ['000001 机密★1年 特急', '机密'],
    ['机密 特急', '机密'],
    ['特急 秘密', '秘密'],
    ['**秘密**★1年', '秘密'],
    ['# 机密', '机密'],
    ['> 绝密', '绝密'],
    ['秘密\\*1年', '秘密'],
    ['秘密*3年', '秘密'],
    ['秘密 10年', '秘密'],
    ['机密件', '机密'],
    ['机密 关于开展检查的通知', '机密'],
    ['某某海关文件 机密', '机密'],
    ['综合工作 秘密', '秘密'],
    ['某某公司 机密', '机密'],
    ['第一行\n第二行\n秘密☆1年\n', '秘密'],
  ])('%s', (text, mark) => {
    expect(levels(text)).toEqual([`refuse ${mark}`])
  })
})

describe('plain words in a text are let through', () => {
  it.each([
    '入党誓词：保守党的秘密，对党忠诚',
    '保守秘密',
    '保守国家秘密是公民的义务。',
    '国家秘密的密级分为绝密、机密、秘密三级。',
    '不得泄露商业秘密和个人隐私',
    '信息的机密性、完整性和可用性',
    '加强保密教育，注意防范',
    '## 商业秘密',
    '- 国家秘密',
    '**国家秘密**',
    '手机密码不要告诉他人',
    '严格遵守保密纪律，不该说的秘密不说',
    '他心里有一个秘密',
    '秘密，就是不能说的事。',
    '《中华人民共和国保守国家秘密法》',
    '非密',
    '密级：非密',
    '保守国家\n秘密',
    '要保守国家 秘密',
    '机密文件应当专人保管。',
    '统计机密数据时要小心',
  ])('%s', (text) => {
    expect(levels(text)).toEqual([])
  })

  it('a form or a rule that names all the grades asks for a look, and does not refuse', () => {
    expect(levels('密级：绝密 □ 机密 □ 秘密 □')).toContain('warn 绝密')
    expect(levels('密级：绝密 □ 机密 □ 秘密 □').some((level) => level.startsWith('refuse'))).toBe(false)
  })
})

describe('names', () => {
  it.each(refusedNames)('%s is refused', (name, mark) => {
    expect(levels(name, 'name')).toEqual([`refuse ${mark}`])
  })
  it.each(passedNames)('%s is let through', (name) => {
    expect(levels(name, 'name')).toEqual([])
  })
})

describe('words that ask for a look', () => {
  it.each(['内部资料', '内 部 文 件', '不予公开', '内部资料　注意保存'])('%s', (text) => {
    expect(findSecrecyMarks(text)[0]?.level).toBe('warn')
  })

  it('says where: the line, and a short excerpt around the mark', () => {
    const [mark] = findSecrecyMarks(`第一行\n${'前'.repeat(60)} 内部资料 ${'后'.repeat(60)}`)
    expect(mark).toMatchObject({ mark: '内部资料', level: 'warn', line: 2 })
    expect(mark?.excerpt).toContain('内部资料')
    expect(mark?.excerpt.length).toBeLessThan(45)
  })

  it('tells a mark once, however often it stands there', () => {
    expect(findSecrecyMarks('秘密★1年\n秘密★1年\n内部资料\n内部资料')).toHaveLength(2)
  })
})

it('a long text without line breaks is read in reasonable time', () => {
  const started = performance.now()
  findSecrecyMarks(`${'密级 秘 机 绝 '.repeat(40_000)}`)
  findSecrecyMarks(`${' '.repeat(200_000)}x`)
  expect(performance.now() - started).toBeLessThan(3_000)
})
