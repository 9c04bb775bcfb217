import { describe, expect, test } from 'vitest'
import { readDocuments } from '../../../src/server/demo/content/documents/document-files.ts'
import { breakLines, emsOf } from '../../../src/server/demo/documents/line-breaks.ts'
import { blocksOf, withWords } from '../../../src/server/demo/documents/official-text.ts'
import { officialPdf } from '../../../src/server/demo/documents/official-pdf.ts'
import { makeDocx } from '../../../src/server/demo/documents/docx.ts'
import { docxToMarkdown } from '../../../src/server/import/docx-to-markdown.ts'
import { makeOfd } from '../../../src/server/demo/documents/ofd.ts'
import { readOfdFacts } from '../../../src/server/import/file/ofd-facts.ts'
import { readPdfFacts } from '../../../src/server/import/file/pdf-facts.ts'
import { WEDNESDAY } from './filled.ts'

const TEXT = {
  title: '关于试用的通知（示例）',
  number: '云政服党〔2026〕1号',
  blocks: blocksOf('各支部：\n\n## 一、缘由\n\n请看 A4 & <纸>，2026年。\n\n' + '重复的一句话。'.repeat(160)),
  issuer: '党建科',
  date: '2026年11月25日',
}

describe('PDF', () => {
  test('opens, has its pages, and gives its text back', async () => {
    const facts = await readPdfFacts(officialPdf(TEXT))
    if (facts.type !== 'pdf') throw new Error(facts.message)
    expect(facts.title).toBe(TEXT.title)
    expect(facts.pageCount).toBe(3)
    const plain = facts.text.replaceAll(/\s/g, '')
    for (const words of [
      '关于试用的通知（示例）',
      '云政服党〔2026〕1号',
      '各支部：',
      '一、缘由',
      '请看A4&<纸>，2026年。',
    ])
      expect(plain).toContain(words)
    expect(plain.split('重复的一句话。')).toHaveLength(161)
  })

  test('every entry of the cross-reference table points at its object', () => {
    const file = new TextDecoder('latin1').decode(officialPdf(TEXT))
    const start = Number(/startxref\n(\d+)\n/.exec(file)?.[1])
    expect(file.slice(start, start + 5)).toBe('xref\n')
    const places = [...file.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((m) => Number(m[1]))
    expect(places.length).toBeGreaterThan(8)
    for (const [index, place] of places.entries())
      expect(file.slice(place).startsWith(`${index + 1} 0 obj\n`)).toBe(true)
    for (const [, length, content] of file.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g))
      expect(content).toHaveLength(Number(length))
  })
})

test('DOCX: the importer reads its title, headings and paragraphs', async () => {
  const read = await docxToMarkdown(makeDocx(TEXT))
  if (read.type !== 'docx') throw new Error(read.message)
  expect(read.title).toBe(TEXT.title)
  expect(read.markdown).toContain(`# ${TEXT.title}`)
  expect(read.markdown).toContain('## 一、缘由')
  expect(read.markdown).toContain('A4 & ')
})

test('OFD: it is read as the gate and the phone read it', () => {
  const facts = readOfdFacts(makeOfd('清单 & <表>', [['清单 & <表>', '', '一、应急灯　六盏'], ['第二页']]))
  expect(facts).toMatchObject({ type: 'ofd', pageCount: 2, title: '清单 & <表>', hasText: true })
  expect('text' in facts && facts.text.replaceAll(/\s/g, '')).toBe('清单&<表>一、应急灯六盏第二页')
})

describe('lines', () => {
  test('keep to the measure, never begin with a closing sign, never end with an opening one', () => {
    const text = '他说：“先看清楚，再动手。”（见《办法》第2026条）大家都同意，于是照办；没有人反对。'.repeat(
      9,
    )
    for (const indent of [0, 2]) {
      const lines = breakLines(text, 14, indent)
      expect(lines.join('')).toBe(text)
      for (const [index, line] of lines.entries()) {
        expect(emsOf(line)).toBeLessThanOrEqual(15 - (index === 0 ? indent : 0))
        expect(line).not.toMatch(/^[，。；：”）》]/)
        expect(line).not.toMatch(/[“（《]$/)
      }
    }
  })
})

test('the demo’s documents are read as the plan says', async () => {
  const documents = await readDocuments(WEDNESDAY)
  const told = documents.map((d) => [d.key, d.plan.form, d.revisions.length, d.revisions[0]?.documentNumber])
  expect(told).toEqual([
    ['duty', 'pdf', 1, '云政服党〔2026〕31号'],
    ['study', 'md', 1, '云政服党〔2026〕29号'],
    ['visits', 'docx', 1, '云政服党〔2026〕24号'],
    ['numbers', 'md', 2, '云政服党〔2026〕27号'],
    ['supplies', 'md', 1, '云政服党〔2026〕33号'],
    ['drill', 'pdf', 2, '云政服党〔2026〕30号'],
    ['parking', 'md', 1, '云政服党〔2026〕22号'],
    ['dress', 'docx', 1, '云政服党〔2026〕18号'],
  ])
  // One attachment of each kind; of the next revision one is the same, one another file, one gone, one new.
  const [drill, again] = documents[5]!.revisions.map(({ attachments }) => attachments)
  expect(drill!.map(({ kind }) => kind)).toEqual(['pdf', 'ofd', 'docx', 'png'])
  const hashes = (files: typeof drill) => files!.map(({ sha256 }) => sha256)
  expect(hashes(drill).map((hash) => hashes(again).includes(hash))).toEqual([true, true, false, false])
  expect(again!.map(({ kind }) => kind)).toEqual(['pdf', 'ofd', 'docx', 'md'])
  expect(documents[0]?.revisions[0]?.source.pageCount).toBe(3)
  const [first, second] = documents[3]?.revisions ?? []
  expect(first?.source.sha256).not.toBe(second?.source.sha256)
})

test('a text that asks for an unknown word is a fault, not a hole', () => {
  expect(withWords('到{{截止日期}}止', { 截止日期: '明天' })).toBe('到明天止')
  expect(() => withWords('{{不知}}', {})).toThrow('不知')
})
