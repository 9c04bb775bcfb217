/**
 * A Word file made anew for its layout, of the parts and values that the layout needs.
 *
 * Guaranteed: unpacked within the limits of `openZip`; nothing in it leads out of it; no script, HTML, font or drawing of the desktop
 * is in it; its pictures lie beside it, of kinds and sizes that a phone can show; it is never larger, drawn, than MOST_DRAWN elements.
 */
import { zipSync } from 'fflate'
import { pictureOf } from '../package/pictures.ts'
import { allNamed, attribute, attributeNamed, childOf, parseXml } from '../package/xml.ts'
import { openZip, type ZipPackage } from '../package/zip-package.ts'
import { breakPages } from './page-breaks.ts'
import { makePlain } from './plain-body.ts'
import { safeValue } from './safe-values.ts'
import { damagedDocx, DOCX_REFUSALS, tooLargeDocx, UnreadableDocx } from './unreadable-docx.ts'

export const MOST_DRAWN = 150_000
const MAIN = 'word/document.xml'
const OF_OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'
const READ = new Set('styles numbering theme settings footnotes endnotes header footer image'.split(' '))

export interface CleanDocx {
  zip: Uint8Array<ArrayBuffer>
  /** In the zip each stands as its number, from 0. */
  pictures: Blob[]
  /** Drawings, pictures and inserted files that are not shown; counted once, also where they stand on each page. */
  unshown: number
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const relations = (all: readonly string[]): Uint8Array =>
  utf8(`<Relationships xmlns="${RELATIONS}">${all.join('')}</Relationships>`)
const relation = (id: string, kind: string, target: string): string =>
  `<Relationship Id="${id}" Type="${OF_OFFICE}${kind}" Target="${target}"/>`
const relationsOf = (path: string): string => path.replace(/([^/]*)$/, '_rels/$1.rels')

const sizeOf = (element: Element): number => element.getElementsByTagName('*').length

/** A header is drawn on each page, a note wherever it is named: a small file can ask for very much. */
function drawnBy(parts: ReadonlyMap<string, readonly Element[]>): number {
  const of = (kind: string): readonly Element[] => parts.get(kind) ?? []
  const [main] = of('main')
  const count = (...names: string[]): number =>
    names.reduce((sum, name) => sum + allNamed(main, name).length, 0)
  const pages = 1 + count('br', 'pageBreakBefore', 'sectPr')
  const largest = (elements: readonly Element[]): number => Math.max(0, ...elements.map(sizeOf))
  const onEachPage = largest(of('header')) + largest(of('footer'))
  const notes = (kind: string): number =>
    count(`${kind}Reference`) * largest(of(`${kind}s`).flatMap((part) => allNamed(part, kind)))
  const styles = [...parts.values()].flat().reduce((sum, part) => sum + sizeOf(part), 0)
  return styles + pages * onEachPage + notes('footnote') + notes('endnote')
}

function read(zip: ZipPackage): CleanDocx {
  const made: Record<string, Uint8Array> = {
    '[Content_Types].xml': utf8('<Types/>'),
    '_rels/.rels': relations([relation('main', 'officeDocument', MAIN)]),
  }
  const pictures: Blob[] = []
  const names = new Map<string, string>()
  const parts = new Map<string, Element[]>()
  let unshown = 0

  const keepPicture = (path: string): string | null => {
    const bytes = zip.bytes(path)
    const picture = bytes === undefined ? undefined : pictureOf(bytes)
    if (picture === undefined) return null
    const name = `word/picture${pictures.length}`
    made[name] = utf8(String(pictures.length))
    pictures.push(picture)
    return name
  }
  const keepPart = (path: string, kind: string, name: string): string | null => {
    const bytes = zip.bytes(path)
    if (bytes === undefined) return null
    names.set(path, name)
    const part = parseXml(bytes, DOCX_REFUSALS)
    if (sizeOf(part) > MOST_DRAWN) throw tooLargeDocx()
    unshown += makePlain(part)
    if (kind === 'main') breakPages(childOf(part, 'body') ?? part)
    parts.set(kind, [...(parts.get(kind) ?? []), part])
    const all = kept(path)
    made[relationsOf(name)] = relations(all.map((one) => relation(one.id, one.kind, `/${one.name}`)))
    const ids = new Set(all.map(({ id }) => id))
    unshown += allNamed(part, 'blip').filter((blip) => !ids.has(attributeNamed(blip, 'embed') ?? '')).length
    made[name] = utf8(new XMLSerializer().serializeToString(part))
    return name
  }
  const kept = (path: string): { id: string; kind: string; name: string }[] => {
    const bytes = zip.bytes(relationsOf(path))
    const all = bytes === undefined ? [] : allNamed(parseXml(bytes, DOCX_REFUSALS), 'Relationship')
    return all.flatMap((one) => {
      const kind = attribute(one, 'Type')?.replace(/^.*\//, '') ?? ''
      const target = zip.find(attribute(one, 'Target') ?? '', 'word')
      if (attribute(one, 'TargetMode') === 'External' || target === null || !READ.has(kind)) return []
      const known = names.get(target)
      const name =
        known ??
        (kind === 'image' ? keepPicture(target) : keepPart(target, kind, `word/part${names.size}.xml`))
      if (name === null) return []
      names.set(target, name)
      return [{ id: safeValue(attribute(one, 'Id') ?? ''), kind, name }]
    })
  }
  if (keepPart(MAIN, 'main', MAIN) === null) throw damagedDocx()
  if (drawnBy(parts) > MOST_DRAWN) throw tooLargeDocx()
  return { zip: zipSync(made, { level: 0 }) as Uint8Array<ArrayBuffer>, pictures, unshown }
}

/** @throws UnreadableDocx */
export function cleanDocx(file: Uint8Array): CleanDocx {
  try {
    return read(openZip(file, DOCX_REFUSALS))
  } catch (error) {
    throw error instanceof UnreadableDocx ? error : damagedDocx(error)
  }
}
