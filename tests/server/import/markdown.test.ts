import { array, assert, constantFrom, property } from 'fast-check'
import MarkdownIt from 'markdown-it'
import { describe, expect, it } from 'vitest'
import {
  headingsOf,
  normaliseMarkdown,
  readMarkdown,
  removeHtml,
} from '../../../src/server/import/markdown.ts'

function htmlTokens(markdown: string): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(markdown, {})
  return tokens
    .flatMap((token) => [token, ...(token.children ?? [])])
    .flatMap(({ type, content }) => (type.startsWith('html_') ? [content] : []))
}

describe('front matter', () => {
  it('is recognised in Chinese and English, with half-width and full-width colons', () => {
    const read = readMarkdown(
      '\uFEFF---\r\n标题：节前提醒\r\ncolumn: "廉政提醒"\r\n周次: 2026-W47\r\n发布时间: 2026-11-16 08:00\r\n---\r\n\r\n正文\r\n',
    )
    expect(read.fields).toEqual({
      title: { value: '节前提醒', line: 2 },
      column: { value: '廉政提醒', line: 3 },
      week: { value: '2026-W47', line: 4 },
      publishedAt: { value: '2026-11-16 08:00', line: 5 },
    })
    expect(read.body).toBe('正文\n')
  })

  it('names what it does not understand, with its line', () => {
    const read = readMarkdown('---\n标题: 一\n心情: 好\n没有冒号\n标题: 二\n---\n文')
    expect(read.fields.title?.value).toBe('一')
    expect(read.notUnderstood).toEqual([
      { line: 3, text: '心情: 好' },
      { line: 4, text: '没有冒号' },
      { line: 5, text: '标题: 二' },
    ])
  })

  it.each([
    '---\n\n不是项目\n\n---\n文',
    '---\n标题: 没有结束\n文',
    '文\n---\n标题: 后面\n---',
    '***\n标题: x\n***',
  ])('does not take for it what is not: %#', (text) => {
    expect(readMarkdown(text).fields).toEqual({})
    expect(readMarkdown(text).body).toBe(`${text}\n`)
  })
})

it('normalises line ends and the end of the file', () => {
  expect(normaliseMarkdown('\uFEFFa\r\nb\rc\u2028d\n\n\n')).toBe('a\nb\nc\nd\n')
  expect(normaliseMarkdown(' \r\n ')).toBe('')
})

it('takes headings from the text, not from code', () => {
  expect(headingsOf('```\n# 代码\n```\n\n# 真 *标题*\n\n副题\n---\n\n> # 引文')).toMatchObject([
    { level: 1, text: '真 标题', startLine: 4 },
    { level: 2, text: '副题', startLine: 6, endLine: 8 },
  ])
})

describe('raw HTML does not survive', () => {
  it.each([
    ['<script>alert(1)</script>正文', '正文'],
    ['a<br>b<br/>c', 'a b c'],
    ['<p align="center">居中</p>', '居中'],
    ['<!-- 批注 -->正文', '正文'],
    ['见 <https://example.cn/a> 。', '见 https://example.cn/a 。'],
    ['<custom-tag>x', '&lt;custom-tag>x'],
    ['1 < 2 且 <张三>', '1 < 2 且 <张三>'],
    ['<?php x ?>', '&lt;?php x ?>'],
  ])('%s', (text, clean) => {
    expect(readMarkdown(text).body.trim()).toBe(clean)
  })

  it('leaves code as it stands', () => {
    const code = '```html\n<b>示例</b>\n```\n'
    expect(readMarkdown(code)).toMatchObject({ body: code, htmlRemoved: 0 })
  })

  it.each([
    '- a\n  ```\n  code\n```\n<script>x</script>\n```\n<script>y</script>\n```\n',
    '<div>\n```\n<script>x</script>\n```\n</div>\n<img src=x onerror=y>',
    '<scr<script></script>ipt>alert(1)</scr<script></script>ipt>',
    '<!<!-- -->-- x --><img src=x>',
    '<<b>script>alert(1)<</b>/script>',
    '`<b>` ``` <script> ```',
    '<img\nsrc=x\nonerror=alert(1)>',
    '    code\n\n<iframe src=x></iframe',
    '> <details open ontoggle=x>\n> y',
  ])('even when it is nested or hidden: %#', (text) => {
    expect(htmlTokens(readMarkdown(text).body)).toEqual([])
  })

  it('whatever the pieces and their order', () => {
    const pieces = [
      '<script>',
      '</script>',
      '<!--',
      '-->',
      '```\n',
      '~~~\n',
      '\n\n',
      '\n',
      '    ',
      '- ',
      '> ',
      '`',
      '<b',
      '>',
      '<',
      '/',
      'a',
      '<![CDATA[',
      ']]>',
      '<?',
      '|',
      '\\',
    ]
    assert(
      property(array(constantFrom(...pieces), { maxLength: 25 }), (parts) => {
        expect(htmlTokens(removeHtml(parts.join('')).markdown)).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })
})
