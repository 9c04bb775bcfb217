/** One picture, one text at most. */
import { decodeQR } from 'qr/decode.js'

export interface Pixels {
  width: number
  height: number
  /** RGBA. */
  data: Uint8ClampedArray<ArrayBuffer>
  /** For a photo: every way is tried, however long it takes. */
  thorough: boolean
}

export function readPixels({ width, height, data, thorough }: Pixels): string | null {
  try {
    return decodeQR(
      { width, height, data },
      thorough ? { effort: Infinity, timeLimit: Infinity } : { effort: 2, timeLimit: 40 },
    )
  } catch {
    // No code in sight, or one that is torn between two pictures.
    return null
  }
}
