// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { countBlocks, renderMarkdown } from '../../../../src/client/ui/reading/markdown.ts'
import {
  minutesLeft,
  minutesOfBytes,
  readingMinutes,
} from '../../../../src/client/ui/reading/reading-minutes.ts'

// happy-dom is no DOM that DOMPurify supports (it loses nodes there). What is proved here is that the parser alone lets
// nothing harmful through, before the second barrier.
vi.mock('dompurify', () => ({ default: { sanitize: (html: string) => html } }))

const elementOf = (text: string): HTMLElement => {
  const holder = document.createElement('div')
  holder.innerHTML = renderMarkdown(text).html
  return holder
}

describe('renderMarkdown', () => {
  it.each([
    ['a script', '<script>alert(1)</script>', 'script'],
    ['an event handler', '<img src=x onerror=alert(1)>', 'img'],
    ['a frame', '<iframe src="https://example.org"></iframe>', 'iframe'],
    ['an address that runs code', '[点我](javascript:alert(1))', 'a[href^="javascript"]'],
    ['the same, disguised', '[点我](JaVaScRiPt&colon;alert(1))', 'a[href^="java" i]'],
    ['a data page', '[点我](data:text/html;base64,PHNjcmlwdD4=)', 'a[href^="data"]'],
    ['a picture from elsewhere', '![图](https://example.org/x.png)', 'img'],
  ])('makes %s harmless', (_, text, selector) => {
    const page = elementOf(text)
    expect(page.querySelector(selector)).toBeNull()
    expect(page.innerHTML).not.toMatch(/<[^>]+on\w+=/i)
  })

  it('leads to a footnote and back, and counts it among no paragraphs', () => {
    const text = '窗口[^a]和台面[^a]，还有叫号[^2]。\n\n第二段。\n\n[^a]: 指综合窗口。\n[^2]: 指叫号机。'
    const page = elementOf(text)
    const [first, again, second] = [...page.querySelectorAll('sup a')]
    expect([first, again, second].map((a) => a?.getAttribute('href'))).toEqual([
      '#note-1',
      '#note-1',
      '#note-2',
    ])
    expect(first?.getAttribute('aria-label')).toBe('注 1')
    const notes = [...page.querySelectorAll('section[aria-label="注释"] li')]
    expect(notes.map((note) => note.id)).toEqual(['note-1', 'note-2'])
    const back = [...page.querySelectorAll('section a')].map((a) => a.getAttribute('href') ?? '')
    expect(back).toHaveLength(3)
    const names = [...page.querySelectorAll('section a')].map((a) => a.getAttribute('aria-label'))
    expect(names).toEqual(['回到正文', '回到正文第 2 处', '回到正文'])
    // A word joiner: the figure never begins a line.
    expect(page.querySelector('sup')?.previousSibling?.textContent).toBe('窗口\u2060')
    for (const href of back) expect(page.querySelector(href)?.tagName).toBe('SUP')
    expect(countBlocks(text)).toBe(2)
    expect(page.querySelectorAll('[data-block]')).toHaveLength(2)
  })

  it('shows raw HTML as the characters that it is', () => {
    expect(elementOf('写作 <b>粗体</b> 的字').textContent).toContain('<b>粗体</b>')
  })

  it('puts the headings of a text under the page’s own, in their order', () => {
    const levels = (text: string) =>
      [...elementOf(text).querySelectorAll('h1,h2,h3,h4,h5,h6')].map((h) => h.tagName)
    expect(levels('# 一\n\n## 二\n\n### 三')).toEqual(['H2', 'H3', 'H4'])
    expect(levels('### 一\n\n#### 二')).toEqual(['H2', 'H3'])
    expect(levels('# 一\n\n###### 六')).toEqual(['H2', 'H6'])
  })

  it('numbers top-level blocks only, and counts what it numbers', () => {
    const text =
      '# 题\n\n第一段\n\n- 一\n- 二\n\n> 引文\n>\n> 又一段\n\n---\n\n    code\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n末段'
    const numbers = [...elementOf(text).querySelectorAll('[data-block]')].map((block) =>
      block.getAttribute('data-block'),
    )
    expect(numbers).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
    expect(renderMarkdown(text).blocks).toBe(8)
    expect(countBlocks(text)).toBe(8)
  })

  it('names pictures of the phone by their hash', () => {
    const sha256 = 'a'.repeat(64)
    const picture = elementOf(`![大厅](blob:${sha256})`).querySelector('img')
    expect(picture?.dataset['sha256']).toBe(sha256)
    expect(picture?.hasAttribute('src')).toBe(false)
  })

  it('sets the title of a picture under it as its caption', () => {
    const page = elementOf(`![大厅](blob:${'a'.repeat(64)} "搬迁前的 <三号> 窗口")`)
    expect(page.querySelector('img + small')?.textContent).toBe('搬迁前的 <三号> 窗口')
  })

  it('opens links to elsewhere in a page of their own', () => {
    const link = elementOf('[规定](https://example.org/a)').querySelector('a')
    expect(link?.getAttribute('rel')).toBe('noopener noreferrer')
    expect(link?.getAttribute('target')).toBe('_blank')
  })

  it('leaves Chinese punctuation alone and puts no blank where a line was broken', () => {
    expect(elementOf('他摆摆手：“自家\n种的，不值钱。”……').textContent?.trim()).toBe(
      '他摆摆手：“自家种的，不值钱。”……',
    )
  })

  it('keeps a figure beside the word that it counts', () => {
    expect(elementOf('实到 17 人，缺席 1 人 <没有> 原因').textContent?.trim()).toBe(
      '实到 17\u00a0人，缺席 1\u00a0人 <没有> 原因',
    )
    expect(elementOf('共 3\n人').textContent?.trim()).toBe('共 3人')
  })

  it('sees bold words that begin or end with a quotation mark', () => {
    const page = elementOf('这叫**“感谢”**的样子，与**廉政**有关；2 * 3 * 4 不是')
    expect([...page.querySelectorAll('strong')].map((bold) => bold.textContent)).toEqual(['“感谢”', '廉政'])
    expect(page.querySelector('em')).toBeNull()
  })
})

describe('readingMinutes', () => {
  it('takes 350 Chinese characters a minute, and at least one', () => {
    expect(readingMinutes('')).toBe(1)
    expect(readingMinutes('学'.repeat(1400))).toBe(4)
  })
  it('knows a text by its size, at three bytes a character', () => {
    expect(minutesOfBytes(new TextEncoder().encode('学'.repeat(1400)).length)).toBe(4)
    expect(minutesOfBytes(0)).toBe(1)
  })
  it('says what is left', () => {
    expect(minutesLeft(4, 2, 8)).toBe(3)
    expect(minutesLeft(4, 7, 8)).toBe(1)
    expect(minutesLeft(4, 0, 0)).toBe(4)
  })
})
