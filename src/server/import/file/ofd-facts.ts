/**
 * What has to be known of an OFD (GB/T 33190) before it is circulated. Nothing is drawn.
 *
 * Guarantees: it is unpacked only within the limits of office files; every place that it names for a page, a font, a picture or a
 * seal lies in the package itself, so that no viewer is sent to another address or out of the folder; it declares no entities.
 */
import { refused, type Refusal } from '../problems.ts'
import { decodeEntities, xmlText } from './xml-text.ts'
import { unpackZip } from './zip-limits.ts'

export interface OfdFacts {
  type: 'ofd'
  pageCount: number
  /** null when absent or blank. */
  title: string | null
  /** Text of the pages, what stands at one height in one line. */
  text: string
  /** Everything that the document says about itself, one in a line: also to be passed through the secrecy gate. */
  info: string
  hasText: boolean
  attachmentNames: string[]
}

const damaged = () => refused('OFD 已损坏或不完整，无法打开。请从原处重新复制，或重新导出后再选。')

/** Refused with a sentence: damaged, a password, an archive beyond the limits, a reference that leaves the package. */
export function readOfdFacts(bytes: Uint8Array): OfdFacts | Refusal {
  const unpacked = unpackZip(bytes)
  if (unpacked.type === 'refused') return unpacked
  const { files } = unpacked
  if (files.has('Encryptions.xml')) return refused('OFD 设有打开密码，无法读取。请去掉密码后再选。')
  const parts = new Map(
    [...files].flatMap(([name, part]) => (/\.xml$/i.test(name) ? [[name, xmlText(part)] as const] : [])),
  )
  const outside = referencesOutside(parts)
  if (outside !== undefined)
    return refused(
      `OFD 里引用了文件之外的内容“${outside}”，没有收下。请重新导出为不带外部引用的 OFD 或 PDF。`,
    )
  const root = parts.get('OFD.xml') ?? ''
  const documents = valuesOf(root, 'DocRoot').map((place) => within('OFD.xml', place) ?? '')
  const pages = documents.flatMap((name) =>
    [...(parts.get(name) ?? '').matchAll(/<(?:[\w.-]+:)?Page\s[^>]*\bBaseLoc="([^"]*)"/g)].map(([, place]) =>
      partAt(parts, name, place ?? ''),
    ),
  )
  if (pages.length === 0 || pages.some((name) => !parts.has(name))) return damaged()
  const text = pages.map((name) => linesOf(parts.get(name)!)).join('\f')
  const attachmentNames = [...parts]
    .filter(([name]) => /(^|\/)Attachments\.xml$/i.test(name))
    .flatMap(([, xml]) => [...xml.matchAll(/<(?:[\w.-]+:)?Attachment\s[^>]*\bName="([^"]*)"/g)])
    .map(([, name]) => decodeEntities(name ?? ''))
  return {
    type: 'ofd',
    pageCount: pages.length,
    title: valuesOf(root, 'Title')[0] || null,
    text,
    info: infoOf(parts),
    hasText: text.trim() !== '',
    attachmentNames,
  }
}

/** Elements and attributes of the standard that name a place (ST_Loc). A link that a reader may press is no such place. */
const PLACES =
  'DocRoot|PublicRes|DocumentRes|Annotations|Attachments|CustomTags|Extensions|Signatures|FileLoc|FontFile|MediaFile|SignedValue|BaseLoc|Versions|Encryptions|ExtendData|SchemaLoc|Seal'

function referencesOutside(parts: ReadonlyMap<string, string>): string | undefined {
  for (const [name, xml] of parts) {
    if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) return `${name} 的文档类型声明`
    const places = [
      ...valuesOf(xml, PLACES),
      ...[...xml.matchAll(/\b(?:BaseLoc|FileRef)="([^"]*)"/g)].map(([, place]) =>
        decodeEntities(place ?? ''),
      ),
    ]
    const outside = places.find((place) => place.trim() !== '' && within(name, place) === undefined)
    if (outside !== undefined) return outside.slice(0, 80)
  }
  return undefined
}

/** Some writers name the pages from the root, without the stroke that says so. */
function partAt(parts: ReadonlyMap<string, string>, from: string, place: string): string {
  const places = [within(from, place), within('OFD.xml', place)]
  return places.find((name) => name !== undefined && parts.has(name)) ?? ''
}

/** The entry that a place means, seen from the part that names it; undefined when it is not in the package. */
function within(part: string, place: string): string | undefined {
  const given = place.trim()
  // A number refers to a resource by its id.
  if (/^[a-z][a-z0-9+.-]*:/i.test(given) || given.startsWith('//') || given.includes('\\')) return undefined
  const path = given.startsWith('/') ? [] : part.split('/').slice(0, -1)
  for (const step of given.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') path.push(step)
    else if (path.pop() === undefined) return undefined
  }
  return path.join('/')
}

function valuesOf(xml: string, names: string): string[] {
  const element = new RegExp(`<(?:[\\w.-]+:)?(?:${names})(?:\\s[^>]*)?>([^<]*)<`, 'g')
  return [...xml.matchAll(element)].map(([, value]) => decodeEntities(value ?? '').trim())
}

/** Title, author, subject, keywords, custom data, and remarks on the pages. */
function infoOf(parts: ReadonlyMap<string, string>): string {
  const root = parts.get('OFD.xml') ?? ''
  const own = [...root.matchAll(/<(?:[\w.-]+:)?CustomData\s[^>]*\bName="([^"]*)"[^>]*>([^<]*)</g)].map(
    ([, name, value]) => `${decodeEntities(name ?? '')}：${decodeEntities(value ?? '')}`,
  )
  const values = valuesOf(root, 'Title|Author|Subject|Abstract|Keyword|CustomData|Creator|DocUsage')
  const remarks = [...parts]
    .filter(([name]) => /annot/i.test(name))
    .flatMap(([, xml]) => [...valuesOf(xml, 'Remark|Parameter'), linesOf(xml)])
  return [...values, ...own, ...remarks].filter((line) => line.trim() !== '').join('\n')
}

/** Office programs write a text object for a line, a word or a single character: what stands at one height is one line. */
function linesOf(xml: string): string {
  const lines = new Map<number, { x: number; text: string }[]>()
  for (const [, attributes, inner] of xml.matchAll(
    /<(?:[\w.-]+:)?TextObject\b([^>]*)>([\s\S]*?)<\/(?:[\w.-]+:)?TextObject>/g,
  )) {
    const [x = 0, y = 0] = (/\bBoundary="([^"]*)"/.exec(attributes ?? '')?.[1] ?? '')
      .trim()
      .split(/\s+/)
      .map((number) => Number(number) || 0)
    const text = valuesOf(inner ?? '', 'TextCode').join('')
    const line = lines.get(Math.round(y)) ?? []
    lines.set(Math.round(y), [...line, { x, text }])
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .map(([, line]) =>
      line
        .sort((a, b) => a.x - b.x)
        .map(({ text }) => text)
        .join(''),
    )
    .join('\n')
}
