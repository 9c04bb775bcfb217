// @vitest-environment happy-dom
/** The layout of an honest Word file: none of its words is left out, and on the phone it says what it is worth. */
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
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import OriginalLayout from '../../../../../../src/client/features/circulation/reader/docx/OriginalLayout.vue'
import { cleanDocx } from '../../../../../../src/client/features/circulation/reader/docx/clean-docx.ts'
import { showLayout } from '../../../../../../src/client/features/circulation/reader/docx/show-layout.ts'
import { layOut } from '../../../../../../src/client/features/circulation/reader/docx/viewer-docx.ts'
import { phoneKey } from '../../../../../../src/client/storage/phone.ts'
import { half } from '../../../../../support/files/make-files.ts'
import { giveLocalNames, p, picture, png, relation, run, shown, word } from './word-file.ts'
import { setupPhone, until } from '../../fixtures.ts'

giveLocalNames()

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

  it('begins a page with each section, also where a table stands first, and none where it goes on', async () => {
    const table = `<w:tbl><w:tr><w:tc>${p(run('表'))}</w:tc></w:tr></w:tbl>`
    const end = (type: string, width: number): string =>
      `<w:p><w:pPr><w:sectPr><w:type w:val="${type}"/><w:pgSz w:w="${width}" w:h="9000"/></w:sectPr></w:pPr></w:p>`
    const last = (type: string): string =>
      `<w:sectPr><w:type w:val="${type}"/><w:pgSz w:w="9000" w:h="6000"/></w:sectPr>`
    const pagesOf = async (body: string) => {
      const { box } = await shown(word(body))
      return [...box.querySelectorAll('section')].map((page) => page.textContent)
    }
    const before = p(run('前')) + end('nextPage', 6000)
    expect(await pagesOf(before + table + last('nextPage'))).toEqual(['前', '表'])
    expect(await pagesOf(before + p(run('后')) + last('nextPage'))).toEqual(['前', '后'])
    const same = p(run('前')) + end('nextPage', 9000).replace('w:h="9000"', 'w:h="6000"')
    expect(await pagesOf(same + table + last('continuous'))).toEqual(['前表'])
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

  it('shows a picture as programs wrote it before 2007, as large as it says; one that lies elsewhere is counted', async () => {
    const old = (id: string, style = '') =>
      `<w:r><w:pict><v:shape style="position:static;${style}"><v:imagedata r:id="${id}"/></v:shape></w:pict></w:r>`
    const file = word(
      p(old('r1', 'width:72pt;height:1in')) + p(old('r1')) + p(old('r2', 'width:72pt;height:72pt')),
      relation('r1', 'image', 'media/a.png') +
        relation('r2', 'image', 'https://example.invalid/a.png', 'TargetMode="External"'),
      { 'word/media/a.png': png },
    )
    const { box, unshown } = await shown(file)
    const sizes = [...box.querySelectorAll<HTMLElement>('img')].map((img) => {
      const { width, height } = (img.closest<HTMLElement>('[style*="width"]') ?? img).style
      return `${width} ${height}`
    })
    expect(sizes).toEqual(['72pt 72pt', '160pt 160pt', '72pt 72pt'])
    expect(unshown).toBe(1)
  })

  it('a picture without properties of its shape stops nothing', async () => {
    const bare = picture('r:embed="r1"').replace('<pic:spPr/>', '')
    const { words, box } = await shown(
      word(p(run('前') + bare + run('后')), relation('r1', 'image', 'media/a.png'), {
        'word/media/a.png': png,
      }),
    )
    expect(words).toContain('前后')
    expect(box.querySelectorAll('img')).toHaveLength(1)
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
