/** Word files made of a few words of their XML, and what the layout makes of them, for tests of the layout. */
import { beforeAll } from 'vitest'
import { cleanDocx } from '../../../../../../src/client/features/circulation/reader/docx/clean-docx.ts'
import { layOut } from '../../../../../../src/client/features/circulation/reader/docx/viewer-docx.ts'
import { docxOf } from '../../../../../support/files/make-files.ts'
import { pngOf } from '../../../../../support/ofd-file.ts'

export const NAMES =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="a" xmlns:pic="pic" xmlns:wp="wp" xmlns:mc="mc" xmlns:wps="wps" xmlns:v="v"'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
export const run = (words: string): string => `<w:r><w:t>${words}</w:t></w:r>`
export const p = (inside: string): string => `<w:p>${inside}</w:p>`
export const picture = (id: string): string =>
  `<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip ${id}/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`
export const relation = (id: string, kind: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${OFFICE}${kind}" Target="${target}" ${more}/>`
export const word = (
  body: string,
  relations = '',
  parts: Record<string, string | Uint8Array> = {},
): Uint8Array =>
  docxOf('', {
    'word/document.xml': `<w:document ${NAMES}><w:body>${body}</w:body></w:document>`,
    'word/_rels/document.xml.rels': `<Relationships>${relations}</Relationships>`,
    ...parts,
  })
export const png = pngOf(8, [1, 2, 3])

export async function shown(file: Uint8Array) {
  const docx = cleanDocx(file)
  const { pages, css, unshown } = await layOut(docx)
  const box = document.createElement('div')
  box.append(pages)
  return { box, css, unshown, pictures: docx.pictures, words: box.textContent ?? '' }
}

/** happy-dom gives the whole name of an attribute where browsers give the part after the prefix. */
export const giveLocalNames = () =>
  beforeAll(() =>
    Object.defineProperty(Attr.prototype, 'localName', {
      get(this: Attr) {
        return this.name.replace(/^.*:/, '')
      },
    }),
  )
