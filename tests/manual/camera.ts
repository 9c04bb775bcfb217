/** A phone or a desk in front of the camera, and its pictures. */
import { DEMO_PASSWORD } from '../../src/server/demo/accounts.ts'
import { allDelivered } from '../browser/support/acts.ts'
import { signIn } from '../browser/support/browser.ts'
import { startPhones, type Phone, type Phones } from '../browser/support/phones.ts'
import { settled } from '../browser/support/walk/walk.ts'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { stopClock } from './day.ts'

export interface Camera {
  /** @param staffNo undefined: nobody has signed in */
  open(
    staffNo: string | undefined,
    size: { width: number; height: number },
    more?: BrowserContextOptions,
  ): Promise<Phone>
  /** As WebP, which keeps a screen in a third of the bytes of a PNG. */
  small(picture: Buffer, quality?: number): Promise<Buffer>
  close(): Promise<void>
}

/** @param phoneScale pixels of the picture for one of a phone */
export async function startCamera(url: string, phoneScale = 1): Promise<Camera> {
  const phones: Phones = await startPhones()
  const bench = await phones.open({ width: 400, height: 400 })
  return {
    async open(staffNo, size, more = {}) {
      const deviceScaleFactor = size.width < 500 ? phoneScale : 1
      const phone = await phones.open(size, { reducedMotion: 'reduce', deviceScaleFactor, ...more })
      await stopClock(phone.context)
      if (staffNo === undefined) {
        await phone.page.goto(`${url}/sign-in`)
        await settled(phone.page)
      } else {
        await signIn(phone.page, url, staffNo, DEMO_PASSWORD)
        await allDelivered(phone.page)
      }
      return phone
    },
    async small(picture, quality = 0.82) {
      const encoded = await bench.page.evaluate(encode, { png: picture.toString('base64'), quality })
      return Buffer.from(encoded, 'base64')
    },
    close: () => phones.close(),
  }
}

/** Runs inside a page: the browser has the encoder. */
async function encode({ png, quality }: { png: string; quality: number }): Promise<string> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())
  const canvas = new OffscreenCanvas(image.width, image.height)
  canvas.getContext('2d')!.drawImage(image, 0, 0)
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality })
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** No caret, no ring of focus, nothing that still moves or loads. */
export async function rest(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await settled(page)
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete))
}
