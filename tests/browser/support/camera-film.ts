/**
 * What a browser's camera sees is a film that the test makes: Chromium plays a Y4M file (YUV4MPEG2) in place of the camera, over
 * and over. Written by hand from pictures of real pages, grey only, so that nothing has to be installed. The file is read when
 * the camera is opened: it can be written after the browser was started.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

const WIDTH = 640
const HEIGHT = 480
/** The wall behind the screen that is filmed. */
const WALL = 0x77

/** Grey, a byte a pixel, row by row. */
export interface Picture {
  width: number
  height: number
  luma: Uint8Array
}

/** Nobody holds a code up. */
export const EMPTY: Picture = { width: 0, height: 0, luma: new Uint8Array() }

/** For the start of the browser. @param file the film, there or to be written */
export const cameraFlags = (file: string): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
]

/** The picture in the middle of the camera's view. */
function frameOf({ width, height, luma }: Picture): Uint8Array {
  const frame = new Uint8Array(WIDTH * HEIGHT).fill(WALL)
  const [left, top] = [Math.floor((WIDTH - width) / 2), Math.floor((HEIGHT - height) / 2)]
  if (left < 0 || top < 0)
    throw new Error(`a picture of ${width} × ${height} is larger than the camera's view`)
  for (let y = 0; y < height; y++)
    frame.set(luma.subarray(y * width, (y + 1) * width), (top + y) * WIDTH + left)
  return frame
}

/** @param pictures one after the other, each for a `picturesPerSecond`th of a second */
export function writeFilm(file: string, pictures: readonly Picture[], picturesPerSecond = 5): void {
  const out = openSync(file, 'w')
  const colours = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128)
  writeSync(out, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${picturesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  for (const picture of pictures) {
    writeSync(out, 'FRAME\n')
    writeSync(out, frameOf(picture))
    writeSync(out, colours)
  }
  closeSync(out)
}

export interface Film {
  /** For the start of the browser. */
  args: string[]
  remove(): void
}

/** @param scenes each stays for its seconds; the film begins anew when it is over */
export function makeFilm(scenes: readonly { picture: Picture; seconds: number }[]): Film {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-film-'))
  const file = join(folder, 'film.y4m')
  const picturesPerSecond = 4
  const pictures = scenes.flatMap(({ picture, seconds }) =>
    Array.from({ length: Math.round(seconds * picturesPerSecond) }, () => picture),
  )
  writeFilm(file, pictures, picturesPerSecond)
  return { args: cameraFlags(file), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The code that stands on the page, as a camera sees it held up: a little turned, on grey. */
export async function pictureOfCode(page: Page, turn = 0.05): Promise<Picture> {
  await page.locator('svg.qr').waitFor()
  const grey = await page.evaluate(
    async ([width, height, angle, wall]) => {
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
      context.fillStyle = `rgb(${wall} ${wall} ${wall})`
      context.fillRect(0, 0, width, height)
      context.translate(width / 2, height / 2)
      context.rotate(angle)
      context.drawImage(image, -180, -180, 360, 360)
      const { data } = context.getImageData(0, 0, width, height)
      let text = ''
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at]!)
      return btoa(text)
    },
    [WIDTH, HEIGHT, turn, WALL] as const,
  )
  return { width: WIDTH, height: HEIGHT, luma: new Uint8Array(Buffer.from(grey, 'base64')) }
}
