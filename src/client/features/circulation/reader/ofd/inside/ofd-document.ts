/**
 * An OFD as a list of pages with what lies on each: OFD.xml → Document.xml → pages, templates, annotations (GB/T 33190 7).
 * A part that is missing is left out; without a page there is no document.
 */
import { NO_FONTS, type OwnFonts } from '../fonts/own-fonts.ts'
import { createResources, folderOf, type Resources } from './resources.ts'
import { readSeals, type SealOnPage } from './seals.ts'
import { damaged, encrypted, OFD_REFUSALS } from './unreadable-ofd.ts'
import { allNamed, attribute, childOf, childrenOf, parseXml, textIn } from '../../package/xml.ts'
import { rectIn, type Rect } from './values.ts'
import { openZip, type ZipPackage } from '../../package/zip-package.ts'

/** What is drawn in one go with its own resources. */
export interface Sheet {
  layers: Element[]
  resources: Resources
}

export interface OfdPage {
  box: Rect
  /** From the ground up: templates below, layers, templates above. */
  sheets: Sheet[]
  /** Appearance elements: Boundary and what lies in them. */
  annotations: Element[]
  resources: Resources
  seals: SealOnPage[]
  /** Parts that the page names and that are not there, or cannot be read, in Chinese words. */
  missing: string[]
}

export interface OfdDocument {
  pages: number
  /** @param number from 1 @throws UnreadableOfd */
  page(number: number): OfdPage
}

const A4: Rect = { x: 0, y: 0, width: 210, height: 297 }
const MOST_PAGES = 5000
const MOST_MM = 10_000
const ORDER = ['Background', 'Body', 'Foreground']

const orderOf = (element: Element, name: string): number =>
  Math.max(0, ORDER.indexOf(attribute(element, name) ?? 'Body'))
const inOrder = (layers: Element[]): Element[] =>
  [...layers].sort((a, b) => orderOf(a, 'Type') - orderOf(b, 'Type'))
const layersOf = (page: Element): Element[] => inOrder(childrenOf(childOf(page, 'Content'), 'Layer'))

function boxOf(area: Element | undefined): Rect | undefined {
  const box = rectIn(textIn(childOf(area, 'PhysicalBox')))
  const isSound = box !== undefined && [box.width, box.height].every((side) => side > 0 && side <= MOST_MM)
  return isSound ? box : undefined
}

interface Parts {
  zip: ZipPackage
  root: Element
  folder: string
  resources: Resources
  seals: SealOnPage[]
}

const xmlAt = (zip: ZipPackage, path: string | null): Element | undefined => {
  const bytes = path === null ? undefined : zip.bytes(path)
  return bytes === undefined ? undefined : parseXml(bytes, OFD_REFUSALS)
}

/** By the id of the page. @throws UnreadableOfd */
function annotationsOf({ zip, root, folder }: Parts, pageId: string): Element[] {
  const path = zip.find(textIn(childOf(root, 'Annotations')), folder)
  const list = xmlAt(zip, path)
  const entry = childrenOf(list, 'Page').find((page) => attribute(page, 'PageID') === pageId)
  const file = textIn(childOf(entry, 'FileLoc'))
  const page = path === null ? undefined : xmlAt(zip, zip.find(file, folderOf(path)))
  if (file !== '' && page === undefined) throw damaged()
  return allNamed(page, 'Annot')
    .filter((annotation) => attribute(annotation, 'Visible') !== 'false')
    .flatMap((annotation) => childrenOf(annotation, 'Appearance'))
}

function templatesOf(parts: Parts, page: Element) {
  const { zip, root, folder, resources } = parts
  const known = childrenOf(childOf(root, 'CommonData'), 'TemplatePage')
  return childrenOf(page, 'Template').flatMap((use) => {
    const template = known.find((one) => attribute(one, 'ID') === attribute(use, 'TemplateID'))
    const path = zip.find(attribute(template, 'BaseLoc') ?? '', folder)
    const content = xmlAt(zip, path)
    if (content === undefined || path === null) return [null]
    const isAbove = (attribute(use, 'ZOrder') ?? attribute(template!, 'ZOrder')) === 'Foreground'
    const own = childrenOf(content, 'PageRes').map((res) => zip.find(textIn(res), folderOf(path)))
    const sheet = { layers: layersOf(content), resources: resources.with(own) }
    return [{ isAbove, sheet, box: boxOf(childOf(content, 'Area')) }]
  })
}

function readPage(parts: Parts, entry: Element): OfdPage {
  const { zip, root, folder } = parts
  const path = zip.find(attribute(entry, 'BaseLoc') ?? '', folder)
  const page = xmlAt(zip, path)
  if (page === undefined || path === null) throw damaged()
  const used = templatesOf(parts, page)
  const templates = used.filter((template) => template !== null)
  const missing = templates.length < used.length ? ['底版'] : []
  const common = boxOf(childOf(root, 'CommonData', 'PageArea'))
  const own = childrenOf(page, 'PageRes').map((res) => zip.find(textIn(res), folderOf(path)))
  const resources = parts.resources.with(own)
  const id = attribute(entry, 'ID') ?? ''
  let annotations: Element[] = []
  try {
    annotations = annotationsOf(parts, id)
  } catch {
    // A part that cannot be read is no reason not to show the page.
    missing.push('批注')
  }
  return {
    box: boxOf(childOf(page, 'Area')) ?? templates.find(({ box }) => box)?.box ?? common ?? A4,
    sheets: [
      ...templates.filter(({ isAbove }) => !isAbove).map(({ sheet }) => sheet),
      { layers: layersOf(page), resources },
      ...templates.filter(({ isAbove }) => isAbove).map(({ sheet }) => sheet),
    ],
    annotations,
    resources,
    seals: parts.seals.filter(({ pageId }) => pageId === id),
    missing,
  }
}

/** null when they cannot be read, which leaves the text to be read. */
function sealsOf(zip: ZipPackage, body: Element): SealOnPage[] | null {
  try {
    return readSeals(zip, textIn(childOf(body, 'Signatures')))
  } catch {
    return null
  }
}

/** A file may hold several documents, one after another. */
function pagesOf(zip: ZipPackage, fonts: OwnFonts, body: Element): (() => OfdPage)[] {
  const path = zip.find(textIn(childOf(body, 'DocRoot')))
  const root = xmlAt(zip, path)
  if (root === undefined || path === null) throw damaged()
  const folder = folderOf(path)
  const common = childOf(root, 'CommonData')
  const shared = [...childrenOf(common, 'PublicRes'), ...childrenOf(common, 'DocumentRes')]
  const resources = createResources({ zip, fonts }).with(shared.map((res) => zip.find(textIn(res), folder)))
  const seals = sealsOf(zip, body)
  const parts: Parts = { zip, root, folder, resources, seals: seals ?? [] }
  return childrenOf(childOf(root, 'Pages'), 'Page').map((entry, at) => () => {
    const page = readPage(parts, entry)
    // On which page they stand is not known: said on the first.
    return at === 0 && seals === null ? { ...page, missing: [...page.missing, '印章'] } : page
  })
}

/** @throws UnreadableOfd */
export function readOfd(file: Uint8Array, fonts: OwnFonts = NO_FONTS): OfdDocument {
  const zip = openZip(file, OFD_REFUSALS)
  if (zip.has('Encryptions.xml')) throw encrypted()
  const ofd = xmlAt(zip, 'OFD.xml')
  const pages = childrenOf(ofd, 'DocBody')
    .flatMap((body) => pagesOf(zip, fonts, body))
    .slice(0, MOST_PAGES)
  if (pages.length === 0) throw damaged()
  return { pages: pages.length, page: (number) => pages[number - 1]!() }
}
