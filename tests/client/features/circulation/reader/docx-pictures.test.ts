// @vitest-environment happy-dom
/** The pictures of a Word file, which its converted text names and does not have. */
import 'fake-indexeddb/auto'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import OriginalPictures from '../../../../../src/client/features/circulation/reader/docx/OriginalPictures.vue'
import { picturesOfDocx } from '../../../../../src/client/features/circulation/reader/docx/pictures-of-docx.ts'
import { phoneKey } from '../../../../../src/client/storage/phone.ts'
import { docxOf, jpegOf } from '../../../../support/files/make-files.ts'
import { pngOf } from '../../../../support/ofd-file.ts'
import { setupPhone, until } from '../fixtures.ts'

const WORD = 'xmlns:w="w" xmlns:a="a" xmlns:v="v" xmlns:r="r"'
const drawing = (id: string): string => `<w:p><w:drawing><a:blip r:embed="${id}"/></w:drawing></w:p>`
const old = (id: string): string => `<w:p><w:pict><v:imagedata r:id="${id}"/></w:pict></w:p>`
const relation = (id: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="image" Target="${target}" ${more}/>`
const docx = (body: string, relations: string, parts: Record<string, Uint8Array> = {}): Uint8Array =>
  docxOf('', {
    'word/document.xml': `<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': `<Relationships>${relations}</Relationships>`,
    ...parts,
  })
const [png, jpeg] = [pngOf(8, [1, 2, 3]), jpegOf(8, 8)]
const both = docx(
  drawing('r2') + old('r1') + drawing('r2'),
  relation('r1', 'media/image1.png') + relation('r2', '/word/media/image2.jpeg'),
  { 'word/media/image1.png': png, 'word/media/image2.jpeg': jpeg },
)

describe('of a Word file', () => {
  it('come in the order of the text, of both ways to write them, each as often as it stands there', () => {
    const { shown, unshown } = picturesOfDocx(both)
    expect(shown.map(({ type }) => type)).toEqual(['image/jpeg', 'image/png', 'image/jpeg'])
    expect(unshown).toBe(0)
  })

  it.each([
    ['a drawing of the desktop', 'media/a.emf', '', { 'word/media/a.emf': new Uint8Array(60) }],
    ['a linked one', 'https://example.invalid/a.png', 'TargetMode="External"', {}],
    ['one that leads out', '../../../a.png', '', {}],
    ['one that is not there', 'media/gone.png', '', {}],
  ])('that cannot be shown are counted: %s', (_, target, more, parts) => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    const file = docx(drawing('r1') + drawing('r9'), relation('r1', target, more), parts)
    expect(picturesOfDocx(file)).toEqual({ shown: [], unshown: 2 })
    expect(fetched).not.toHaveBeenCalled()
    fetched.mockRestore()
  })
})

describe('under the text', () => {
  let parts: ReturnType<typeof setupPhone>
  beforeEach(() => (parts = setupPhone()))
  afterEach(() => {
    parts.delivery.close()
    parts.db.close()
  })
  const shownOf = async (bytes: Uint8Array) => {
    const sha256 = await parts.phone.blobs.put(bytes as Uint8Array<ArrayBuffer>, 'application/docx')
    const view = mount(OriginalPictures, {
      props: { sha256, watermark: '' },
      global: { provide: { [phoneKey as symbol]: parts.phone } },
    })
    await view.get('button').trigger('click')
    return view
  }

  it('are shown when somebody asks, and what is missing is told', async () => {
    const view = await shownOf(
      docx(
        drawing('r1') + drawing('r2'),
        relation('r1', 'media/image1.png') + relation('r2', 'media/a.wmf'),
        {
          'word/media/image1.png': png,
          'word/media/a.wmf': new Uint8Array(60),
        },
      ),
    )
    await until(() => view.findAll('img').length === 1)
    expect(view.get('[role="status"]').text()).toBe(
      '原件里的图片 1 张，按出现先后。另有 1 张在手机上显示不了，签字前请看原件。',
    )
    expect(view.get('img').attributes('alt')).toBe('图片：原件第 1 张')
    view.unmount()
  })

  it('of a file with none, and of a damaged one, it is said so', async () => {
    const none = await shownOf(docxOf('正文'))
    await until(() => none.text().includes('原件里没有图片。'))
    none.unmount()
    const damaged = await shownOf(both.slice(0, both.length / 2))
    await until(() => damaged.text().includes('原件里的图片没有显示出来'))
    expect(damaged.find('button').exists()).toBe(true)
    damaged.unmount()
  })
})
