import { afterEach, expect, it, vi } from 'vitest'
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
