/**
 * JPEG for pdf.js by the browser's own decoder, in the worker, as plain pictures. pdf.js knows one way to the browser's decoder:
 * `ImageDecoder`, which Safari had late, and whose frames Chrome decodes again when they are drawn and keeps in a cache
 * that nobody can empty: half a gigabyte after forty scanned pages. A plain picture is gone when its page is left.
 *
 * Guaranteed: what this cannot decode pdf.js decodes itself, slowly. To be imported before pdf.js.
 */

interface Wanted {
  data: Uint8Array<ArrayBuffer>
  type: string
  /** Pixels; both or none. */
  desiredWidth?: number
  desiredHeight?: number
}

interface NativeDecoder {
  decode(): Promise<{ image: ImageBitmapSource & { close(): void } }>
  close(): void
}
const Native = (globalThis as { ImageDecoder?: new (wanted: Wanted) => NativeDecoder }).ImageDecoder

/** Where a frame says how large it is; pdf.js takes the size in the file for that of a picture that does not say. */
const asFrame = (image: ImageBitmap): ImageBitmap =>
  Object.assign(image, { displayWidth: image.width, displayHeight: image.height })

/**
 * Of a picture that is wanted smaller: made smaller while it is decoded, where the browser can, so that it never lies in memory
 * whole. Its frame is let go of at once. undefined where it is to be decoded whole.
 */
async function decodedSmaller(wanted: Wanted): Promise<ImageBitmap | undefined> {
  const { desiredWidth, desiredHeight } = wanted
  if (Native === undefined || desiredWidth === undefined || desiredHeight === undefined) return undefined
  const decoder = new Native(wanted)
  try {
    const { image } = await decoder.decode()
    try {
      const size = { resizeWidth: desiredWidth, resizeHeight: desiredHeight, resizeQuality: 'high' } as const
      return await createImageBitmap(image, size)
    } finally {
      image.close()
    }
  } finally {
    decoder.close()
  }
}

/** As much of it as pdf.js uses. */
class JpegDecoder {
  readonly #wanted: Wanted

  static isTypeSupported(type: string): Promise<boolean> {
    return Promise.resolve(type === 'image/jpeg')
  }

  constructor(wanted: Wanted) {
    this.#wanted = wanted
  }

  async decode(): Promise<{ image: ImageBitmap }> {
    const { data, type, desiredWidth, desiredHeight } = this.#wanted
    const smaller = await decodedSmaller(this.#wanted).catch(() => undefined)
    if (smaller !== undefined) return { image: asFrame(smaller) }
    const size =
      desiredWidth === undefined || desiredHeight === undefined
        ? {}
        : { resizeWidth: desiredWidth, resizeHeight: desiredHeight, resizeQuality: 'high' as const }
    const image = await createImageBitmap(new Blob([data], { type }), size)
    return { image: asFrame(image) }
  }

  close(): void {
    // Nothing is held.
  }
}

Object.assign(globalThis, { ImageDecoder: JpegDecoder })
