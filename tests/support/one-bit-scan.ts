/**
 * Scans of one bit a pixel, as fax and office scanners make them, and pictures that are too large for a phone. Four quarters: black,
 * lines of one pixel (grey from afar), white, black.
 */
import { deflateSync } from 'node:zlib'
import { PDFDocument, PDFName, PDFNumber, PDFRawStream, type PDFDict } from 'pdf-lib'
import { A4 } from '../../src/server/demo/documents/pdf.ts'

export interface OneBitPage {
  width: number
  height: number
  /** Painted through in the page's black, instead of a picture of its own. */
  isStencil?: boolean
  /** 0 is white, or not painted. */
  isInverse?: boolean
}

/** 1 is white, as in a picture without `Decode`. */
export function quarterBits({ width, height, isInverse = false }: OneBitPage): Uint8Array {
  const rowBytes = (width + 7) >> 3
  const bits = new Uint8Array(rowBytes * height)
  const half = rowBytes >> 1
  for (let y = 0; y < height; y++) {
    const row = bits.subarray(y * rowBytes, (y + 1) * rowBytes)
    if (y < height / 2) row.fill(y % 2 === 0 ? 0xff : 0, half)
    else row.fill(0xff, 0, half)
  }
  return isInverse ? bits.map((byte) => byte ^ 0xff) : bits
}

function addPicture(pdf: PDFDocument, entries: Record<string, unknown>, bytes: Uint8Array): void {
  const page = pdf.addPage([A4.width, A4.height])
  const dict = pdf.context.obj({ Type: 'XObject', Subtype: 'Image', Filter: 'FlateDecode' }) as PDFDict
  for (const [name, value] of Object.entries(entries))
    dict.set(
      PDFName.of(name),
      typeof value === 'string' ? PDFName.of(value) : pdf.context.obj(value as never),
    )
  const packed = new Uint8Array(deflateSync(bytes, { level: 1 }))
  dict.set(PDFName.of('Length'), PDFNumber.of(packed.length))
  page.node.setXObject(PDFName.of('Scan'), pdf.context.register(PDFRawStream.of(dict, packed)))
  const content = `${A4.width} 0 0 ${A4.height} 0 0 cm /Scan Do`
  page.node.set(PDFName.of('Contents'), pdf.context.register(pdf.context.stream(content)))
}

export async function oneBitPdf(pages: readonly OneBitPage[]): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  for (const page of pages)
    addPicture(
      pdf,
      {
        Width: page.width,
        Height: page.height,
        BitsPerComponent: 1,
        ...(page.isStencil ? { ImageMask: true } : { ColorSpace: 'DeviceGray' }),
        ...(page.isInverse ? { Decode: [1, 0] } : {}),
      },
      quarterBits(page),
    )
  return pdf.save()
}

/** A picture in colour whose size no phone can hold, of which a few bytes are there; after it a page that is sound. */
export async function oversizedPdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  const size = { Width: 19_866, Height: 28_087 }
  addPicture(pdf, { ...size, BitsPerComponent: 8, ColorSpace: 'DeviceRGB' }, new Uint8Array(1000))
  addPicture(
    pdf,
    { ...size, Width: 400_000, Height: 400_000, BitsPerComponent: 1, ImageMask: true },
    new Uint8Array(1000),
  )
  const sound = { width: 800, height: 1100 }
  addPicture(
    pdf,
    { Width: sound.width, Height: sound.height, BitsPerComponent: 1, ColorSpace: 'DeviceGray' },
    quarterBits(sound),
  )
  return pdf.save()
}
