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
    const size =
      desiredWidth === undefined || desiredHeight === undefined
        ? {}
        : { resizeWidth: desiredWidth, resizeHeight: desiredHeight, resizeQuality: 'high' as const }
    const image = await createImageBitmap(new Blob([data], { type }), size)
    // Where a frame says how large it is; pdf.js takes the size in the file for that of a picture that does not say.
    return { image: Object.assign(image, { displayWidth: image.width, displayHeight: image.height }) }
  }

  close(): void {
    // Nothing is held.
  }
}

Object.assign(globalThis, { ImageDecoder: JpegDecoder })
