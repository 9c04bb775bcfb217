// @vitest-environment happy-dom
/** The layout of a Word file from outside: what it may not do, what it may not hold, and that none of its words is left out. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import {
  AlignmentType,
  Document,
  Footer,
  Header,
  Packer,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import OriginalLayout from '../../../../../src/client/features/circulation/reader/docx/OriginalLayout.vue'
import {
  cleanDocx,
  MOST_DRAWN,
} from '../../../../../src/client/features/circulation/reader/docx/clean-docx.ts'
import { showLayout } from '../../../../../src/client/features/circulation/reader/docx/show-layout.ts'
import { layOut } from '../../../../../src/client/features/circulation/reader/docx/viewer-docx.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { docxOf, half, utf8 } from '../../../../support/files/make-files.ts'
import { pngOf } from '../../../../support/ofd-file.ts'
import { setupPhone, until } from '../fixtures.ts'

const NAMES =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="a" xmlns:pic="pic" xmlns:wp="wp" xmlns:mc="mc" xmlns:wps="wps" xmlns:v="v"'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const run = (words: string): string => `<w:r><w:t>${words}</w:t></w:r>`
const p = (inside: string): string => `<w:p>${inside}</w:p>`
const picture = (id: string): string =>
  `<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip ${id}/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
const relation = (id: string, kind: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${OFFICE}${kind}" Target="${target}" ${more}/>`
const word = (body: string, relations = '', parts: Record<string, string | Uint8Array> = {}): Uint8Array =>
  docxOf('', {
    'word/document.xml': `<w:document ${NAMES}><w:body>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': `<Relationships>${relations}</Relationships>`,
    ...parts,
  })
const png = pngOf(8, [1, 2, 3])

async function shown(file: Uint8Array) {
  const docx = cleanDocx(file)
  const { pages, css, unshown } = await layOut(docx)
  const box = document.createElement('div')
  box.append(pages)
  return { box, css, unshown, pictures: docx.pictures, words: box.textContent ?? '' }
}

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

/** happy-dom gives the whole name of an attribute where browsers give the part after the prefix. */
beforeAll(() =>
  Object.defineProperty(Attr.prototype, 'localName', {
    get(this: Attr) {
      return this.name.replace(/^.*:/, '')
    },
  }),
)

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

describe('of an honest file', () => {
  it('has its table, alignment, header and footer, and numbers its pages', async () => {
    const field = (children: unknown[]) =>
      new Paragraph({ children: [new TextRun({ children: children as never })] })
    const file = await Packer.toBuffer(
      new Document({
        sections: [
          {
            headers: { default: new Header({ children: [new Paragraph('页眉示例')] }) },
            footers: { default: new Footer({ children: [field(['第 ', PageNumber.CURRENT, ' 页'])] }) },
            children: [
              new Paragraph({ text: '标题示例', alignment: AlignmentType.CENTER }),
              new Table({
                rows: [
                  new TableRow({ children: [new TableCell({ children: [new Paragraph('格内文字')] })] }),
                ],
              }),
              new Paragraph({ text: '第二页的话', pageBreakBefore: true }),
            ],
          },
        ],
      }),
    )
    const { box, unshown } = await shown(new Uint8Array(file))
    expect(box.querySelector('table td')?.textContent).toBe('格内文字')
    expect(
      [...box.querySelectorAll('p')].find((one) => one.textContent === '标题示例')?.style.textAlign,
    ).toBe('center')
    const pages = [...box.querySelectorAll('section')]
    expect(pages).toHaveLength(2)
    expect(pages.map((page) => page.querySelector('header')?.textContent)).toEqual(['页眉示例', '页眉示例'])
    expect(pages.map((page) => page.querySelector('footer')?.textContent)).toEqual(['第 1 页', '第 2 页'])
    expect(unshown).toBe(0)
  })

  it.each([
    ['a content control', `<w:sdt><w:sdtContent>${p(run('其中'))}</w:sdtContent></w:sdt>`],
    [
      'a control around a row',
      `<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>${p(run('其中'))}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>`,
    ],
    ['an accepted insertion', `<w:ins>${p(run('其中'))}</w:ins>`],
    ['a field', p(`<w:fldSimple w:instr="DATE">${run('其中')}</w:fldSimple>`)],
    [
      'a text box, new',
      p(
        `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>${p(run('其中'))}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>${p(run('其中'))}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>`,
      ),
    ],
    [
      'a text box, old',
      p(
        `<w:r><w:pict><v:shape><v:textbox><w:txbxContent>${p(run('其中'))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>`,
      ),
    ],
  ])('none of its words is left out, and none stands twice: %s', async (_, body) => {
    const { words } = await shown(word(p(run('前')) + body + p(run('后'))))
    expect(words.replace(/\s/g, '')).toBe('前其中后')
  })

  it('begins a page where Word last did, and not twice where the writer broke it', async () => {
    const mark = '<w:r><w:lastRenderedPageBreak/></w:r>'
    const last = await shown(
      word(p(run('一')) + p(mark + run('二')) + p(run('三') + mark + run('三')) + p(run('四'))),
    )
    const wordsOf = ({ box }: { box: Element }) =>
      [...box.querySelectorAll('section')].map((page) => page.textContent)
    expect(wordsOf(last)).toEqual(['一', '二三三', '四'])
    const own = await shown(word(p(`${run('一')}<w:r><w:br w:type="page"/></w:r>`) + p(mark + run('二'))))
    expect(wordsOf(own)).toEqual(['一', '二'])
  })

  it('shows its pictures from addresses of the page, until it is left; what it cannot show is counted', async () => {
    const body = p(
      picture('r:embed="r1"') + picture('r:embed="r2"') + picture('r:embed="r9"') + '<w:r><w:object/></w:r>',
    )
    const docx = cleanDocx(
      word(body, relation('r1', 'image', 'media/a.png') + relation('r2', 'image', 'media/a.emf'), {
        'word/media/a.png': png,
        'word/media/a.emf': new Uint8Array(60),
      }),
    )
    const layout = await layOut(docx)
    expect(layout.unshown).toBe(3)
    const host = document.createElement('div')
    const revoked = vi.spyOn(URL, 'revokeObjectURL')
    const hide = showLayout(host, layout, docx.pictures)
    const addresses = [...host.shadowRoot!.querySelectorAll('img')].flatMap(({ src }) => (src ? [src] : []))
    expect(addresses).toEqual([expect.stringMatching(/^blob:/)])
    expect(revoked).not.toHaveBeenCalled()
    hide()
    expect(revoked.mock.calls.flat()).toEqual(addresses)
    expect(host.shadowRoot!.childNodes).toHaveLength(0)
    revoked.mockRestore()
  })
})

describe('on the phone', () => {
  let parts: ReturnType<typeof setupPhone>
  beforeEach(() => (parts = setupPhone()))
  afterEach(() => {
    parts.delivery.close()
    parts.db.close()
  })
  const view = async (bytes: Uint8Array) => {
    const sha256 = await parts.phone.blobs.put(bytes as Uint8Array<ArrayBuffer>, 'application/docx')
    return mount(OriginalLayout, {
      props: { sha256, watermark: '陈思远 2026-11-23', original: '通知.docx' },
      global: { provide: { [phoneKey as symbol]: parts.phone } },
    })
  }

  it('stands under a line that says what it is worth, with the watermark over it, its styles its own', async () => {
    const styles = document.querySelectorAll('style').length
    const shownHere = await view(word(p(run('正文'))))
    await until(() => shownHere.text().includes('由本机排出'))
    expect(shownHere.get('.host').element.shadowRoot?.textContent).toContain('正文')
    expect(shownHere.text()).toContain('以正文和原件文件为准。签的是原件：通知.docx。')
    expect(shownHere.get('.watermark').text()).toContain('陈思远 2026-11-23')
    expect(document.querySelectorAll('style').length).toBe(styles)
    shownHere.unmount()
  })

  it('of a damaged file it says so', async () => {
    const shownHere = await view(half(word(p(run('正文'.repeat(500))))))
    await until(() => shownHere.text().includes('原件的版式没有显示出来'))
    expect(shownHere.text()).toMatch(/请看文字/)
    expect(shownHere.find('.watermark').exists()).toBe(false)
    shownHere.unmount()
  })
})
