/**
 * Pictures of a PDF within a phone's memory: pdf.js unfolds a picture whole, four bytes a pixel and up to four times over, before it
 * makes it smaller. Scans of one bit a pixel are counted smaller from their bits here; what would still be too large is left out.
 *
 * Guaranteed: a picture of one bit never takes more than its bits and its small copy; one that is left out is marked `notShown`, so
 * that the page can say so. To be imported before pdf.js, which asks by `patch-pdf-worker.ts`.
 */

/** Of a picture in a page: A4 at 300 dpi, A3 at 200. As open-pdf.ts tells pdf.js. */
const MOST_PIXELS = 9_000_000
/** Of a side; browsers draw none that is longer. */
const MOST_SIDE = 32_767
/** Unfolded, for each gigabyte that the phone has; a browser that does not tell has 4. */
const MOST_BYTES_PER_GB = 100_000_000
const [LEAST_GB, USUAL_GB] = [2, 4]
/** Bits missing at the end of a damaged picture are those of paper. */
const PAPER = 0xff
/** Cyan, magenta, yellow, black: browsers decode none of it, and pdf.js has it three times at once (measured, a pixel). */
const [INKS, BYTES_OF_INKS] = [4, 14]
/** As pdf.js names a space of grey. */
const GREY = 'DeviceGray'

/** As pdf.js sends it to the page. */
export interface PaintedPicture {
  data: null
  width: number
  height: number
  interpolate: boolean | undefined
  bitmap: ImageBitmap
  notShown?: true
}

/** As much of pdf.js's own as is asked here. */
export interface PdfPicture {
  width: number
  height: number
  drawWidth: number
  drawHeight: number
  bpc: number
  numComps: number
  colorSpace: { name: string } | null
  smask: unknown
  mask: unknown
  needsDecode: boolean
  interpolate?: boolean
  getImageBytes(length: number, options: { internal: boolean }): Promise<Uint8Array>
}

interface Bits {
  bits: Uint8Array
  /** Pixels; each row begins with a byte of its own. */
  width: number
  height: number
}

/** How much of each pixel of the smaller picture is 1: 0 to 255, row by row. Pixels are whole; each counts once. */
export function shareOfOnes(
  { bits, width, height }: Bits,
  to: { width: number; height: number },
): Uint8Array {
  const shares = new Uint8Array(to.width * to.height)
  const rowBytes = (width + 7) >> 3
  const columnOf = Uint32Array.from({ length: width }, (_, x) => Math.floor((x * to.width) / width))
  const wide = new Uint32Array(to.width)
  for (const column of columnOf) wide[column]! += 1
  const ones = new Uint32Array(to.width)
  for (let row = 0; row < to.height; row++) {
    const [from, end] = [row, row + 1].map((n) => Math.floor((n * height) / to.height)) as [number, number]
    ones.fill(0)
    for (let y = from; y < end; y++) {
      for (let at = y * rowBytes, x = 0; x < width; at++, x += 8) {
        const byte = bits[at] ?? PAPER
        if (byte === 0) continue
        const last = Math.min(width, x + 8)
        // A byte of paper within one column is by far the most frequent.
        if (byte === 0xff && columnOf[x] === columnOf[last - 1]) {
          ones[columnOf[x]!]! += last - x
          continue
        }
        for (let px = x; px < last; px++) if ((byte >> (7 - px + x)) & 1) ones[columnOf[px]!]! += 1
      }
    }
    for (let column = 0; column < to.width; column++)
      shares[row * to.width + column] = Math.round((ones[column]! * 255) / (wide[column]! * (end - from)))
  }
  return shares
}

/** The largest size of the same shape that is within both. */
function smaller(width: number, height: number): { width: number; height: number } {
  const by = Math.max(Math.sqrt((width * height) / MOST_PIXELS), width / MOST_SIDE, height / MOST_SIDE)
  return { width: Math.max(1, Math.floor(width / by)), height: Math.max(1, Math.floor(height / by)) }
}

function mostBytes(): number {
  const { deviceMemory = USUAL_GB } = navigator as { deviceMemory?: number }
  return Math.max(LEAST_GB, deviceMemory) * MOST_BYTES_PER_GB
}

const isLarge = (width: number, height: number): boolean => width * height > MOST_PIXELS

async function leftOut(): Promise<PaintedPicture> {
  const bitmap = await createImageBitmap(new ImageData(1, 1))
  return { data: null, width: 1, height: 1, interpolate: false, bitmap, notShown: true }
}

async function painted(
  bits: Bits,
  interpolate: boolean | undefined,
  /** Red in the lowest byte, as every phone has it. */
  rgbaOf: (share: number) => number,
): Promise<PaintedPicture> {
  const size = smaller(bits.width, bits.height)
  const shares = shareOfOnes(bits, size)
  const rgba = new Uint32Array(shares.length)
  const colours = Uint32Array.from({ length: 256 }, (_, share) => rgbaOf(share))
  for (let at = 0; at < shares.length; at++) rgba[at] = colours[shares[at]!]!
  const image = new ImageData(new Uint8ClampedArray(rgba.buffer), size.width, size.height)
  return { data: null, ...size, interpolate, bitmap: await createImageBitmap(image) }
}

/** Asked before anything of it is unpacked; null: pdf.js goes on by itself. */
async function picture(given: PdfPicture): Promise<PaintedPicture | null> {
  const { width, height, drawWidth, drawHeight } = given
  if (!isLarge(drawWidth, drawHeight)) return null
  const isBits = given.bpc === 1 && given.colorSpace?.name === GREY && !given.smask && !given.mask
  const bytes = isBits
    ? ((width + 7) >> 3) * height
    : drawWidth * drawHeight * (given.numComps === INKS ? BYTES_OF_INKS : Math.max(4, given.numComps))
  if (bytes > mostBytes()) return leftOut()
  if (!isBits) return null
  const bits = await given.getImageBytes(bytes, { internal: true })
  return painted({ bits, width, height }, given.interpolate, (share) => {
    const grey = given.needsDecode ? 255 - share : share
    return (0xff000000 | (grey << 16) | (grey << 8) | grey) >>> 0
  })
}

interface StencilData extends Bits {
  /** 1 is painted; otherwise 0 is. */
  isInverse: boolean
  interpolate?: boolean
}

/** A picture that is painted through, in the colour of the page: how much of each pixel is painted is how opaque it is. */
async function stencil({ isInverse, interpolate, ...bits }: StencilData): Promise<PaintedPicture | null> {
  if (!isLarge(bits.width, bits.height)) return null
  return painted(bits, interpolate, (share) => ((isInverse ? share : 255 - share) << 24) >>> 0)
}

/** Asked before its bits are unpacked. */
async function stencilTooLarge(width: number, height: number): Promise<PaintedPicture | null> {
  return isLarge(width, height) && ((width + 7) >> 3) * height > mostBytes() ? leftOut() : null
}

export const boundedPictures = { picture, stencil, stencilTooLarge }
Object.assign(globalThis, { boundedPictures })
