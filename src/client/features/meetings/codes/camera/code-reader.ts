/**
 * Reads the text of a code from a picture: the platform's own reader where it has one, else one of ours in a worker, else (an
 * old browser without module workers) in the page. Whoever asks waits for the answer before they ask again.
 */
import type { Pixels } from './read-pixels.ts'

export interface Look extends Pixels {
  n: number
}

export interface CodeReader {
  /** null: no code in sight. */
  read(source: HTMLVideoElement | ImageBitmap, how?: { thorough?: boolean }): Promise<string | null>
  close(): void
}

interface Detector {
  detect(source: ImageBitmapSource): Promise<readonly { rawValue: string }[]>
}
interface DetectorType {
  new (options: { formats: string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

/** The longer side of what is looked at: our codes have 45 fields with their margin. */
const LOOK_PX = 720
const PHOTO_PX = 1600

async function platformReader(): Promise<Detector | undefined> {
  const Type = (globalThis as { BarcodeDetector?: DetectorType }).BarcodeDetector
  try {
    const formats = (await Type?.getSupportedFormats()) ?? []
    return Type !== undefined && formats.includes('qr_code') ? new Type({ formats: ['qr_code'] }) : undefined
  } catch {
    // Named by the browser, missing in the machine.
    return undefined
  }
}

type Decode = (pixels: Pixels) => Promise<string | null>

async function decodeHere(pixels: Pixels): Promise<string | null> {
  return (await import('./read-pixels.ts')).readPixels(pixels)
}

function workerDecoder(): { decode: Decode; close: () => void } {
  const worker = new Worker(new URL('./qr-worker.ts', import.meta.url), { type: 'module', name: 'qr' })
  let n = 0
  let broken = false
  let waiting: { n: number; answer: (text: string | null) => void } | undefined
  worker.addEventListener('message', ({ data }: MessageEvent<{ n: number; text: string | null }>) => {
    if (waiting?.n === data.n) waiting.answer(data.text)
  })
  worker.addEventListener('error', () => {
    broken = true
    waiting?.answer(null)
  })
  return {
    close: () => {
      worker.terminate()
      waiting?.answer(null)
    },
    async decode(pixels) {
      if (broken) return await decodeHere(pixels)
      return await new Promise((answer) => {
        waiting = { n: ++n, answer }
        const look: Look = { ...pixels, n }
        worker.postMessage(look, [pixels.data.buffer])
      })
    },
  }
}

function startDecoder(): { decode: Decode; close: () => void } {
  try {
    return workerDecoder()
  } catch {
    return { decode: decodeHere, close: () => undefined }
  }
}

const sizeOf = (source: HTMLVideoElement | ImageBitmap) =>
  'videoWidth' in source
    ? { width: source.videoWidth, height: source.videoHeight }
    : { width: source.width, height: source.height }

export function createCodeReader(): CodeReader {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const platform = platformReader()
  let decoder: ReturnType<typeof startDecoder> | undefined

  async function byOurs(source: HTMLVideoElement | ImageBitmap, thorough: boolean): Promise<string | null> {
    const { width, height } = sizeOf(source)
    if (width === 0 || context === null) return null
    const scale = Math.min(1, (thorough ? PHOTO_PX : LOOK_PX) / Math.max(width, height))
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    context.drawImage(source, 0, 0, canvas.width, canvas.height)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    decoder ??= startDecoder()
    return await decoder.decode({ width: canvas.width, height: canvas.height, data, thorough })
  }
  return {
    async read(source, { thorough = false } = {}) {
      const detector = await platform
      if (detector === undefined) return await byOurs(source, thorough)
      try {
        const [first] = await detector.detect(source)
        if (first !== undefined || !thorough) return first?.rawValue ?? null
      } catch {
        // It gave up on this picture: ours may not.
      }
      return await byOurs(source, thorough)
    },
    close: () => decoder?.close(),
  }
}
