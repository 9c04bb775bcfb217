/** What the pages of a document share: fonts, pictures, drawing parameters, composite units. By their ids. */
import { faceOf, type Face } from '../draw/fonts.ts'
import type { OwnFont, OwnFonts } from '../fonts/own-fonts.ts'
import { decodePicture } from '../../package/pictures.ts'
import { allNamed, attribute, childOf, parseXml, textIn } from '../../package/xml.ts'
import { plainPath, type ZipPackage } from '../../package/zip-package.ts'
import { OFD_REFUSALS } from './unreadable-ofd.ts'

interface Shared {
  element: Element
  /** Its files are named from here, the first that fits. */
  folders: string[]
}

export interface Resources {
  face(id: string | undefined): Face
  /** The one that the file carries; undefined where it carries none that the browser takes. */
  ownFont(id: string | undefined): Promise<OwnFont | undefined>
  drawParam(id: string | undefined): Element | undefined
  composite(id: string | undefined): Element | undefined
  /** undefined when it is missing or of a kind that is not shown. */
  picture(id: string | undefined): Promise<ImageBitmap | undefined>
  /** With those of a further file on top, which belong to one page. @throws UnreadableOfd */
  with(paths: readonly (string | null)[]): Resources
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

function readInto(byId: Map<string, Shared>, zip: ZipPackage, path: string | null): void {
  const bytes = path === null ? undefined : zip.bytes(path)
  if (path === null || bytes === undefined) return
  const root = parseXml(bytes, OFD_REFUSALS)
  const here = folderOf(path)
  const folders = [plainPath(attribute(root, 'BaseLoc') ?? '', here) ?? here, here]
  for (const kind of ['Font', 'DrawParam', 'CompositeGraphicUnit', 'MultiMedia'])
    for (const element of allNamed(root, kind))
      byId.set(`${kind} ${attribute(element, 'ID') ?? ''}`, { element, folders })
}

export function createResources(
  { zip, fonts }: { zip: ZipPackage; fonts: OwnFonts },
  above: ReadonlyMap<string, Shared> = new Map(),
): Resources {
  const byId = new Map(above)
  const get = (kind: string, id: string | undefined): Shared | undefined => byId.get(`${kind} ${id}`)
  return {
    face: (id) => faceOf(get('Font', id)?.element),
    async ownFont(id) {
      const font = get('Font', id)
      const name = textIn(childOf(font?.element, 'FontFile'))
      const path = font === undefined ? null : zip.find(name, ...font.folders)
      return path === null ? undefined : await fonts.get(path, () => zip.bytes(path))
    },
    drawParam: (id) => get('DrawParam', id)?.element,
    composite: (id) => get('CompositeGraphicUnit', id)?.element,
    async picture(id) {
      const media = get('MultiMedia', id)
      const name = textIn(childOf(media?.element, 'MediaFile'))
      const path = media === undefined ? null : zip.find(name, ...media.folders)
      const bytes = path === null ? undefined : zip.bytes(path)
      return bytes === undefined ? undefined : await decodePicture(bytes)
    },
    with(paths) {
      if (paths.length === 0) return this
      const whole = new Map(byId)
      for (const path of paths) readInto(whole, zip, path)
      return createResources({ zip, fonts }, whole)
    },
  }
}
