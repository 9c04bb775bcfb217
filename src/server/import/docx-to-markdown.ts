/**
 * Word files to Markdown. Guarantees: the Markdown holds no HTML tag, no script and no link but http(s) and mailto;
 * and `gateText` holds every piece of text of the file, also headers, footers, text boxes, comments, deleted text and
 * document properties, because that is where a secrecy mark stands while the converter reads only the body.
 */
import { refused, type Refusal } from './problems.ts'
import { withFormulasSaid } from './docx/said-in-place.ts'
import { sniffFile } from './file/sniff.ts'
import { decodeEntities, xmlText } from './file/xml-text.ts'
import { repackZip, unpackZip } from './file/zip-limits.ts'

/** An image of the document; the Markdown refers to it as `![…](blob:<index>)`, index in the list of images. */
export interface DocxImage {
  mime: 'image/png' | 'image/jpeg'
  bytes: Uint8Array
}

export interface ConvertedDocx {
  type: 'docx'
  markdown: string
  images: DocxImage[]
  /** Images that were left out because phones can't show them (EMF, WMF, SVG, GIF …) or they could not be read. */
  imagesLeftOut: number
  /** Title in the document properties; null when blank. */
  title: string | null
  /** Values of all document properties (core, extended and custom), one in a line. */
  propertiesText: string
  /** Everything a secrecy mark could stand in: all parts of the document and the properties. */
  gateText: string
}

const chineseStyles = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='标题'] => h1:fresh",
  ...[1, 2, 3, 4, 5, 6].map((level) => `p[style-name='标题 ${level}'] => h${level}:fresh`),
]

/** With the first Word file: half of what an endpoint that never sees one would load at its start. */
async function loadConverter() {
  const [{ default: mammoth }, { createMarkdownWriter }] = await Promise.all([
    import('mammoth'),
    import('./docx/markdown-writer.ts'),
  ])
  return { mammoth, createMarkdownWriter }
}

/**
 * The bytes of a .docx file as Markdown with GFM tables.
 * Refused with a sentence: password, old .doc format, macros, archive beyond the limits, damaged or empty file.
 */
export async function docxToMarkdown(bytes: Uint8Array): Promise<ConvertedDocx | Refusal> {
  if (isOldOffice(bytes)) return refusalForOldOffice(bytes)
  const unpacked = unpackZip(bytes)
  if (unpacked.type === 'refused') return unpacked
  const { files } = unpacked
  if (!files.has('word/document.xml')) return refused('内容不是 Word 文档。请检查是否选错了文件。')
  if (files.has('word/vbaProject.bin')) return refused('文档含有宏程序。请另存为不含宏的 .docx 后再导入。')
  const { mammoth, createMarkdownWriter } = await loadConverter()
  const images: DocxImage[] = []
  let imagesLeftOut = 0
  try {
    const { value: html, messages } = await mammoth.convertToHtml(
      { buffer: Buffer.from(repackZip(withFormulasSaid(files))) },
      {
        styleMap: chineseStyles,
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
        convertImage: mammoth.images.imgElement(async (image) => {
          const content = new Uint8Array(await image.readAsBuffer())
          const { kind } = sniffFile(content, '')
          if (kind !== 'png' && kind !== 'jpeg') {
            imagesLeftOut += 1
            return { src: '' }
          }
          images.push({ mime: `image/${kind}`, bytes: content })
          return { src: `blob:${images.length - 1}` }
        }),
      },
    )
    imagesLeftOut += messages.filter((message) => message.type === 'error').length
    return {
      type: 'docx',
      markdown: createMarkdownWriter()(html),
      images,
      imagesLeftOut,
      ...propertiesOf(files),
      gateText: gateTextOf(files),
    }
  } catch (error) {
    if (error instanceof ReferenceError) throw error // something is missing on this machine, the file is not to blame
    return refused('Word 文档已损坏，无法读取。请用 Word 或 WPS 打开后另存一份再导入。')
  }
}

function isOldOffice(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0
}

/**
 * One container holds both old .doc/.xls files and encrypted new ones; the stream name in UTF-16 tells them apart.
 * `bytes` must begin with the container's magic bytes.
 */
export function refusalForOldOffice(bytes: Uint8Array): Refusal {
  return Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? refused('文件设有打开密码，无法读取。请去掉密码后再导入。')
    : refused('文件是旧版 Office 格式（.doc/.xls）。请用 Word 或 WPS 打开，另存为 .docx/.xlsx 后再导入。')
}

function propertiesOf(files: ReadonlyMap<string, Uint8Array>): {
  title: string | null
  propertiesText: string
} {
  const core = xmlText(files.get('docProps/core.xml'))
  const title = /<dc:title[^>]*>([^<]*)</.exec(core)?.[1]?.trim() ?? ''
  const texts = [...files.keys()]
    .filter((name) => name.startsWith('docProps/') && name.endsWith('.xml'))
    .flatMap((name) => {
      const names = [...xmlText(files.get(name)).matchAll(/\sname="([^"]*)"[^>]*>\s*<[^>]*>([^<]*)</g)]
      const values = [...xmlText(files.get(name)).matchAll(/>([^<>]+)</g)].map((match) => match[1] ?? '')
      return [...values, ...names.map((match) => `${match[1]}：${match[2]}`)]
    })
  return {
    title: title === '' ? null : decodeEntities(title),
    propertiesText: texts
      .map((text) => decodeEntities(text).trim())
      .filter(Boolean)
      .join('\n'),
  }
}

/** A line for each paragraph of each part; matched by local names, so that any namespace prefix is seen. */
function gateTextOf(files: ReadonlyMap<string, Uint8Array>): string {
  const parts = [...files.keys()].filter(
    (name) => /^word\/[^/]+\.xml$/.test(name) || name.startsWith('word/diagrams/'),
  )
  const lines = parts.flatMap((name) =>
    xmlText(files.get(name))
      .replace(/<(?:[\w.-]+:)?(?:br|cr|tab)\b[^>]*\/>/g, ' ')
      .split(/<\/(?:[\w.-]+:)?p>/)
      .map((paragraph) =>
        [...paragraph.matchAll(/<(?:[\w.-]+:)?(?:t|delText|instrText)(?:\s[^>]*)?>([^<]*)</g)]
          .map((match) => decodeEntities(match[1] ?? ''))
          .join(''),
      ),
  )
  return [...lines, propertiesOf(files).propertiesText].filter((line) => line.trim() !== '').join('\n')
}
