// @vitest-environment happy-dom
/** The layout of a hostile Word file: what it may not do, and what it may not hold. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  cleanDocx,
  MOST_DRAWN,
} from '../../../../../../src/client/features/circulation/reader/docx/clean-docx.ts'
import { docxOf, half, utf8 } from '../../../../../support/files/make-files.ts'
import { giveLocalNames, NAMES, p, picture, relation, run, shown, word } from './word-file.ts'

/** Whatever could ask for something, or run. */
const doings = (box: Element): string[] =>
  [...box.querySelectorAll('*')].flatMap((element) => [
    ...(/^(?:script|iframe|object|embed|link|base|form|a|svg|style)$/i.test(element.localName)
      ? [element.localName]
      : []),
    ...[...element.attributes]
      .filter(
        ({ name, value }) =>
          /^(?:on|src|href|id$|srcdoc)/i.test(name) || /url\s*\(|javascript:|https?:/i.test(value),
      )
      .map(({ name, value }) => `${name}=${value}`),
  ])

giveLocalNames()

describe('of a hostile file', () => {
  const asked = vi.fn()
  beforeEach(
    () =>
      void vi
        .spyOn(globalThis, 'fetch')
        .mockImplementation(async (...all) => (asked(...all), new Response())),
  )
  afterEach(() => {
    vi.restoreAllMocks()
    asked.mockClear()
  })

  it.each([
    [
      'a link that is a script',
      p(`<w:hyperlink r:id="r1">${run('去看')}</w:hyperlink>`),
      relation('r1', 'hyperlink', 'javascript:alert(1)', 'TargetMode="External"'),
      {},
    ],
    [
      'a picture elsewhere',
      p(run('去看') + picture('r:embed="r1"')),
      relation('r1', 'image', 'https://example.invalid/a.png', 'TargetMode="External"'),
      {},
    ],
    [
      'a linked picture',
      p(run('去看') + picture('r:link="r1"')),
      relation('r1', 'image', 'https://example.invalid/a.png', 'TargetMode="External"'),
      {},
    ],
    [
      'HTML in a part',
      p(run('去看')) + '<w:altChunk r:id="r1"/>',
      relation('r1', 'aFChunk', 'a.html'),
      { 'word/a.html': '<script>alert(1)</script>' },
    ],
    [
      'a drawing with a script',
      p(run('去看') + picture('r:embed="r1"')),
      relation('r1', 'image', 'a.svg'),
      { 'word/a.svg': '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9"/></svg>' },
    ],
    [
      'a look that asks',
      p(
        `<w:r><w:rPr><w:color w:val="red;background:url(https://example.invalid/a)"/></w:rPr><w:t>去看</w:t></w:r>`,
      ),
      '',
      {},
    ],
    [
      'a shape that asks',
      p(
        `${run('去看')}<w:r><w:pict><v:rect style="background:url(https://example.invalid/a)"><v:imagedata r:id="r1"/></v:rect></w:pict></w:r>`,
      ),
      relation('r1', 'image', 'https://example.invalid/a.png', 'TargetMode="External"'),
      {},
    ],
    [
      'a font of its own',
      p(run('去看')),
      relation('r1', 'fontTable', 'fontTable.xml'),
      {
        'word/fontTable.xml': `<w:fonts ${NAMES}><w:font w:name="x"><w:embedRegular r:id="r1" w:fontKey="{00000000-0000-0000-0000-000000000000}"/></w:font></w:fonts>`,
      },
    ],
  ])(
    'nothing is asked for, nothing can run, and its words stand there: %s',
    async (_, body, relations, parts) => {
      const { box, css, words } = await shown(word(body, relations, parts))
      expect(doings(box)).toEqual([])
      expect(css).not.toMatch(/url\s*\(|@|https?:/i)
      expect(words).toContain('去看')
      expect(asked).not.toHaveBeenCalled()
    },
  )

  it.each([
    [
      'a style',
      'styles',
      `<w:styles ${NAMES}><w:style w:type="paragraph" w:styleId="x{} *"><w:name w:val="x"/><w:rPr><w:color w:val="0} * {background:url(https://example.invalid/a)}"/><w:rFonts w:ascii="x; } @import 'https://example.invalid/b'; {"/></w:rPr></w:style></w:styles>`,
    ],
    [
      'a numbering',
      'numbering',
      `<w:numbering ${NAMES}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal} * {background:url(https://example.invalid/a)"/><w:lvlText w:val="&quot;} * {background:url(https://example.invalid/a)} &quot;"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
    ],
    [
      'a theme',
      'theme',
      `<a:theme xmlns:a="a"><a:themeElements><a:clrScheme name="x"><a:dk1><a:srgbClr val="0} * {background:url(https://example.invalid/a)}"/></a:dk1></a:clrScheme></a:themeElements></a:theme>`,
    ],
  ])('no rule of the file comes into the sheet: %s', async (_, kind, part) => {
    const { css } = await shown(word(p(run('正文')), relation('r1', kind, 'x.xml'), { 'word/x.xml': part }))
    // In a string of a sheet it is only text; rules are counted outside of strings.
    const rules = css.replace(/"[^"\n]*"/g, '""')
    expect(rules).not.toMatch(/url\s*\(|@|https?:|^\s*\*|[{}][^\n]*[{]\s*background/m)
    expect(rules.split('{').length).toBe(rules.split('}').length)
  })

  it.each([
    ['half a file', half(word(p(run('正文'.repeat(900)))))],
    ['no text', docxOf('', { 'word/document.xml': '' })],
    ['not XML', docxOf('', { 'word/document.xml': '<w:document' })],
    ['entities', docxOf('', { 'word/document.xml': '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' })],
    [
      'a part that swells',
      word(p(run('正文')), relation('r1', 'styles', 'x.xml'), {
        'word/x.xml': utf8('<a>'.padEnd(40_000_000, ' ')),
      }),
    ],
  ])('a sentence about the layout, not about another kind of file: %s', async (_, file) => {
    expect(() => cleanDocx(file)).toThrow(/版式.*请看文字/)
  })

  it('more elements than a phone can draw are refused: in one table, and in a header that stands on many pages', () => {
    const cells = '<w:tc><w:p/></w:tc>'.repeat(100)
    const table = `<w:tbl>${`<w:tr>${cells}</w:tr>`.repeat(Math.ceil(MOST_DRAWN / 200))}</w:tbl>`
    expect(() => cleanDocx(word(table))).toThrow('内容太多')
    const header = `<w:hdr ${NAMES}>${p(run('页眉')).repeat(200)}</w:hdr>`
    const pages = p('<w:r><w:br w:type="page"/></w:r>').repeat(400)
    expect(() => cleanDocx(word(pages, relation('r1', 'header', 'h.xml'), { 'word/h.xml': header }))).toThrow(
      '内容太多',
    )
  })
})
