/**
 * What a browser's camera sees is a film that the test makes: Chromium plays a Y4M file in place of the camera, over and over.
 * The file is read when the camera is opened, so it can be written after the browser was started.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

export const cameraFlags = (file: string): string[] => [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
]

/** A grey picture, a byte a pixel. */
export interface Picture {
  width: number
  height: number
  luma: Uint8Array
}

const WIDTH = 640
const HEIGHT = 480
/** The wall behind the screen that is filmed. */
const WALL = 90

/** @param pictures each in the middle of the camera's view, one after the other */
export function writeFilm(file: string, pictures: readonly Picture[], picturesPerSecond = 5): void {
  const out = openSync(file, 'w')
  writeSync(out, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F${picturesPerSecond}:1 Ip A1:1 C420jpeg\n`)
  const colours = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128)
  for (const { width, height, luma } of pictures) {
    const frame = new Uint8Array(WIDTH * HEIGHT).fill(WALL)
    const [left, top] = [Math.floor((WIDTH - width) / 2), Math.floor((HEIGHT - height) / 2)]
    if (left < 0 || top < 0)
      throw new Error(`a picture of ${width} × ${height} is larger than the camera's view`)
    for (let y = 0; y < height; y++)
      frame.set(luma.subarray(y * width, (y + 1) * width), (top + y) * WIDTH + left)
    writeSync(out, 'FRAME\n')
    writeSync(out, frame)
    writeSync(out, colours)
  }
  closeSync(out)
}
