/**
 * The pictures of a Word file in the order of its text: the converted text, which is read on the phone, has none.
 * Guaranteed: nothing outside the file is asked for, and none is unpacked beyond the limits of `openZip`; what is not shown is counted.
 */
import { sniffPicture } from '../ofd/inside/pictures.ts'
import { allNamed, attribute, parseXml } from '../ofd/inside/xml.ts'
import { openZip, type ZipPackage } from '../ofd/inside/zip-package.ts'

const MOST_PIXELS = 40_000_000

export interface DocxPictures {
  shown: Blob[]
  /** Drawings in formats of the desktop, linked ones, damaged ones, too large ones. */
  unshown: number
}

/** Writers differ in the prefix. */
export const named = (element: Element, name: string): string | undefined =>
  [...element.attributes].find((one) => one.name.replace(/^.*:/, '') === name)?.value

/** By its id, where each picture lies; null for one that lies outside of the file. */
function placesIn(zip: ZipPackage): Map<string, string | null> {
  const bytes = zip.bytes('word/_rels/document.xml.rels')
  const all = bytes === undefined ? [] : allNamed(parseXml(bytes), 'Relationship')
  return new Map(
    all.map((one) => {
      const isOutside = attribute(one, 'TargetMode') === 'External'
      return [attribute(one, 'Id') ?? '', isOutside ? null : zip.find(attribute(one, 'Target') ?? '', 'word')]
    }),
  )
}

function pictureAt(zip: ZipPackage, path: string | null | undefined): Blob | null {
  const bytes = path == null ? undefined : zip.bytes(path)
  const sniffed = bytes === undefined ? null : sniffPicture(bytes)
  if (sniffed === null || sniffed.pixels === null || sniffed.pixels > MOST_PIXELS) return null
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: sniffed.mime })
}

/** @throws when the file cannot be read */
export function picturesOfDocx(file: Uint8Array): DocxPictures {
  const zip = openZip(file)
  const text = zip.bytes('word/document.xml')
  if (text === undefined) throw new Error('a Word file without its text')
  const places = placesIn(zip)
  const found = [...parseXml(text).getElementsByTagName('*')]
  const pictures = found.flatMap((element) => {
    const kind = element.localName.replace(/^.*:/, '')
    const id = kind === 'blip' ? (named(element, 'embed') ?? named(element, 'link')) : undefined
    const old = kind === 'imagedata' ? named(element, 'id') : undefined
    const wanted = id ?? old
    return wanted === undefined ? [] : [pictureAt(zip, places.get(wanted))]
  })
  const shown = pictures.filter((picture) => picture !== null)
  return { shown, unshown: pictures.length - shown.length }
}
