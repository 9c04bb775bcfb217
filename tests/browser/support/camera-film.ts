/**
 * What Chromium's fake camera sees: a film in YUV4MPEG2, written by hand from pictures of the real page, so that nothing has to be
 * installed. Grey only: the chroma planes are all 128.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

export const FILM = { width: 640, height: 480 }
const FRAMES_PER_SECOND = 4

/** One picture: brightness of each point, row by row. */
export type Frame = Uint8Array

/** The code that stands on the page, as a camera sees it held up: a little turned, on grey. */
export async function pictureOfCode(page: Page, turn = 0.05): Promise<Frame> {
  await page.locator('svg.qr').waitFor()
  const grey = await page.evaluate(
    async ([width, height, angle]) => {
      const source = new XMLSerializer().serializeToString(document.querySelector('svg.qr')!)
      const image = new Image()
      image.width = image.height = 360
      const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }))
      image.src = url
      await image.decode()
      URL.revokeObjectURL(url)
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d')!
      context.fillStyle = '#777'
      context.fillRect(0, 0, width, height)
      context.translate(width / 2, height / 2)
      context.rotate(angle)
      context.drawImage(image, -180, -180, 360, 360)
      const { data } = context.getImageData(0, 0, width, height)
      let text = ''
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at]!)
      return btoa(text)
    },
    [FILM.width, FILM.height, turn] as const,
  )
  return new Uint8Array(Buffer.from(grey, 'base64'))
}

export const EMPTY: Frame = new Uint8Array(FILM.width * FILM.height).fill(0x77)

export interface Film {
  /** For the start of the browser. */
  args: string[]
  remove(): void
}

/** @param scenes each stays for its seconds; the film begins anew when it is over */
export function makeFilm(scenes: readonly { frame: Frame; seconds: number }[]): Film {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-film-'))
  const path = join(folder, 'film.y4m')
  const head = Buffer.from(
    `YUV4MPEG2 W${FILM.width} H${FILM.height} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n`,
  )
  const chroma = Buffer.alloc((FILM.width * FILM.height) / 2, 128)
  const frames = scenes.flatMap(({ frame, seconds }) =>
    Array.from({ length: Math.round(seconds * FRAMES_PER_SECOND) }, () => [
      Buffer.from('FRAME\n'),
      frame,
      chroma,
    ]),
  )
  writeFileSync(path, Buffer.concat([head, ...frames.flat()]))
  return {
    args: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-video-capture=${path}`,
    ],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
