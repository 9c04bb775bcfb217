import { describe, expect, it } from 'vitest'
import { docxToMarkdown, type ConvertedDocx } from '../../../src/server/import/docx-to-markdown.ts'
import { findSecrecyMarks } from '../../../src/shared/circulation/intake/secrecy-text.ts'
import { makeDocx, makeXlsx, makeZip, oleFile, rawDocx, utf8 } from './fixtures.ts'

async function convert(bytes: Uint8Array): Promise<ConvertedDocx> {
  const result = await docxToMarkdown(bytes)
  if (result.type === 'refused') throw new Error(result.message)
  return result
}

const run = (text: string) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
const cell = (content: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`

describe('a Word file becomes Markdown', () => {
  it('with heading, paragraphs, table and image', async () => {
    const table = [
      ['姓名', '得|分'],
      ['张三', '95'],
    ]
    const docx = await convert(
      await makeDocx({
        heading: '第一章',
        paragraphs: ['正文一', '正文二'],
        table,
        title: '手册',
        image: true,
      }),
    )
    expect(docx.markdown).toBe(
      '# 第一章\n\n正文一\n\n正文二\n\n| 姓名 | 得\\|分 |\n| --- | --- |\n| 张三 | 95 |\n\n![](blob:0)\n',
    )
    expect(docx.images).toMatchObject([{ mime: 'image/png' }])
    expect(docx).toMatchObject({ title: '手册', imagesLeftOut: 0 })
  })

  it('with merged cells kept in their columns', async () => {
    const body = `<w:tbl><w:tr>${cell(run('甲'), '<w:vMerge w:val="restart"/>')}${cell(run('乙'))}</w:tr><w:tr>${cell('<w:p/>', '<w:vMerge/>')}${cell(run('丙'))}</w:tr><w:tr>${cell(run('丁'), '<w:gridSpan w:val="2"/>')}</w:tr></w:tbl>`
    const { markdown } = await convert(rawDocx(body))
    expect(markdown).toBe('| 甲 | 乙 |\n| --- | --- |\n|  | 丙 |\n| 丁 |  |\n')
  })

  it('with lists and a title of two lines', async () => {
    const styles = `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>关于</w:t><w:br/><w:t>学习的通知</w:t></w:r></w:p>`
    expect((await convert(rawDocx(styles))).markdown).toBe('# 关于 学习的通知\n')
  })
})

describe('a formula is said where it stands', () => {
  const inText = (inside: string) =>
    `<w:p><w:r><w:t>得分为</w:t></w:r>${inside}<w:r><w:t>分。</w:t></w:r></w:p>`
  const math = '<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>'

  it.each([
    ['in a line', math],
    ['on its own', `<m:oMathPara><m:oMathParaPr/>${math}</m:oMathPara>`],
    ['beside an empty one', `<m:oMath/>${math}`],
  ])('%s', async (_where, inside) => {
    const { markdown } = await convert(rawDocx(inText(inside)))
    expect(markdown).toBe('得分为（公式，见原件）分。\n')
  })

  it('a secrecy mark in it is still seen', async () => {
    const { gateText } = await convert(rawDocx(inText(math.replace('a+b', '机密★1年'))))
    expect(findSecrecyMarks(gateText).map(({ mark }) => mark)).toContain('机密')
  })

  it('one that is never closed costs one pass', async () => {
    const result = await docxToMarkdown(rawDocx(inText('<m:oMath>'.repeat(200_000))))
    expect(result.type).toBe('refused')
  })
})

describe('nothing active survives', () => {
  it('text that looks like HTML or Markdown stays text', async () => {
    const { markdown } = await convert(
      rawDocx(run('&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;b&amp;gt; *星* [x](javascript:1)')),
    )
    expect(markdown).not.toMatch(/<[a-z/!?]/i)
    expect(markdown).toContain('&lt;script>')
    expect(markdown).toContain('&amp;lt;b')
    expect(markdown).toContain('\\[x\\]')
  })

  it('links lead only to pages and mailboxes', async () => {
    const targets = [
      'javascript:alert(1)',
      'data:text/html,<b>',
      'file:///etc/passwd',
      'https://example.cn/a(b)<c>',
    ]
    const rels = targets
      .map(
        (target, index) =>
          `<Relationship Id="l${index}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="${target.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}" TargetMode="External"/>`,
      )
      .join('')
    const body = targets
      .map(
        (_target, index) =>
          `<w:p><w:hyperlink r:id="l${index}"><w:r><w:t>链接${index}</w:t></w:r></w:hyperlink></w:p>`,
      )
      .join('')
    const { markdown } = await convert(
      rawDocx(body, {
        'word/_rels/document.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${rels}</Relationships>`,
      }),
    )
    expect(markdown).toBe('链接0\n\n链接1\n\n链接2\n\n[链接3](https://example.cn/a%28b%29%3Cc%3E)\n')
  })

  it('a style map inside the file is not obeyed', async () => {
    const { markdown } = await convert(rawDocx(run('正文'), { 'mammoth/style-map': 'p => script:fresh' }))
    expect(markdown).toBe('正文\n')
  })
})

describe('the gate sees what the reader does not', () => {
  it('a mark in the header', async () => {
    const { gateText, markdown } = await convert(await makeDocx({ paragraphs: ['正文'], header: '机密★1年' }))
    expect(markdown).not.toContain('机密')
    expect(findSecrecyMarks(gateText)).toMatchObject([{ mark: '机密', level: 'refuse' }])
  })

  it('a mark split over runs, under another prefix, in deleted text, in a custom property', async () => {
    const split = '<w:p><w:r><w:t>秘</w:t></w:r><w:r><w:t> 密</w:t></w:r><w:r><w:t>★</w:t></w:r></w:p>'
    const prefix =
      '<x:p xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:r><x:t>机密★</x:t></x:r></x:p>'
    const deleted = '<w:p><w:del><w:r><w:delText>绝密</w:delText></w:r></w:del></w:p>'
    for (const body of [split, prefix, deleted]) {
      const { gateText } = await convert(rawDocx(run('正文') + body))
      expect(findSecrecyMarks(gateText).some(({ level }) => level === 'refuse')).toBe(true)
    }
    const custom =
      '<Properties><property name="密级"><vt:lpwstr xmlns:vt="v">秘密</vt:lpwstr></property></Properties>'
    const { propertiesText } = await convert(rawDocx(run('正文'), { 'docProps/custom.xml': custom }))
    expect(findSecrecyMarks(propertiesText)).toMatchObject([{ level: 'refuse' }])
  })
})

describe('what can not be read is refused with a sentence', () => {
  it.each([
    ['a password', oleFile('EncryptedPackage'), '密码'],
    ['the old format', oleFile('WordDocument'), '旧版'],
    ['no zip', utf8('not a document'), '损坏'],
    ['a zip without a document', makeZip({ 'a.txt': 'x' }), '不是 Word'],
    ['XML that is cut', makeZip({ 'word/document.xml': '<w:document><w:bo' }), '损坏'],
    ['macros', rawDocx(run('x'), { 'word/vbaProject.bin': 'x' }), '宏'],
  ])('%s', async (_name, bytes, words) => {
    expect(await docxToMarkdown(bytes)).toEqual({ type: 'refused', message: expect.stringContaining(words) })
  })

  it('a spreadsheet, and a document cut in the middle', async () => {
    expect((await docxToMarkdown(await makeXlsx({ 甲: [['x']] }))).type).toBe('refused')
    const docx = await makeDocx({ paragraphs: ['正文'] })
    expect((await docxToMarkdown(docx.subarray(0, docx.length / 2))).type).toBe('refused')
  })
})
