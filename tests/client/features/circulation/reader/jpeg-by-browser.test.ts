import { afterEach, describe, expect, it, vi } from 'vitest'
import '../../../../../src/client/features/circulation/reader/pdf/jpeg-by-browser.ts'

interface Decoder {
  decode(): Promise<{ image: { displayWidth: number; displayHeight: number } }>
}
type MakeDecoder = (new (wanted: object) => Decoder) & { isTypeSupported(type: string): Promise<boolean> }
const { ImageDecoder } = globalThis as unknown as { ImageDecoder: MakeDecoder }
afterEach(() => vi.unstubAllGlobals())

const data = new Uint8Array([0xff, 0xd8])
const browser = () => {
  const decode = vi.fn(async (_: Blob, { resizeWidth = 1654, resizeHeight = 2339 } = {}) => ({
    width: resizeWidth,
    height: resizeHeight,
  }))
  vi.stubGlobal('createImageBitmap', decode)
  return decode
}

it('says the size of the picture as it is decoded: pdf.js would draw a smaller one beside its place', async () => {
  const decode = browser()
  const whole = await new ImageDecoder({ data, type: 'image/jpeg' }).decode()
  expect(whole.image).toMatchObject({ displayWidth: 1654, displayHeight: 2339 })
  const half = await new ImageDecoder({
    data,
    type: 'image/jpeg',
    desiredWidth: 827,
    desiredHeight: 1170,
  }).decode()
  expect(half.image).toMatchObject({ displayWidth: 827, displayHeight: 1170 })
  expect(decode.mock.calls[0]![0].type).toBe('image/jpeg')
})

it('leaves every other kind to pdf.js', async () => {
  expect(await ImageDecoder.isTypeSupported('image/jpeg')).toBe(true)
  expect(await ImageDecoder.isTypeSupported('image/bmp')).toBe(false)
})

describe('a picture that is wanted smaller', () => {
  const wanted = { data, type: 'image/jpeg', desiredWidth: 827, desiredHeight: 1170 }
  /** The decoder of a browser that has one; null: its file is one that this decoder refuses. */
  async function withNative(frame: { close(): void } | null) {
    const asked: object[] = []
    const closed = vi.fn()
    class Native {
      constructor(init: object) {
        asked.push(init)
      }
      decode = async () => {
        if (frame === null) throw new Error('no')
        return { image: frame }
      }
      close = closed
    }
    vi.resetModules()
    vi.stubGlobal('ImageDecoder', Native)
    await import('../../../../../src/client/features/circulation/reader/pdf/jpeg-by-browser.ts')
    const Ours = (globalThis as unknown as { ImageDecoder: MakeDecoder }).ImageDecoder
    return { Ours, asked, closed }
  }

  it('is made smaller while it is decoded, and its frame is let go of', async () => {
    const frame = { close: vi.fn() }
    const { Ours, asked, closed } = await withNative(frame)
    const decode = browser()
    const { image } = await new Ours(wanted).decode()
    expect(image).toMatchObject({ displayWidth: 827, displayHeight: 1170 })
    expect(asked).toEqual([wanted])
    expect(decode.mock.calls.map(([source]) => source)).toEqual([frame])
    expect([frame.close.mock.calls.length, closed.mock.calls.length]).toEqual([1, 1])
  })

  it('is decoded whole where that fails, and where it is wanted whole', async () => {
    const failing = await withNative(null)
    const decode = browser()
    expect((await new failing.Ours(wanted).decode()).image).toMatchObject({ displayWidth: 827 })
    expect(decode.mock.calls[0]![0]).toBeInstanceOf(Blob)
    expect(failing.closed).toHaveBeenCalledOnce()
    const whole = await withNative({ close: () => undefined })
    await new whole.Ours({ data, type: 'image/jpeg' }).decode()
    expect(whole.asked).toEqual([])
  })
})
