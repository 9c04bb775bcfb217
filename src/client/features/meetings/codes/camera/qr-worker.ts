/** Reads codes apart from the page, so that the camera's picture never stands still. */
import { readPixels } from './read-pixels.ts'
import type { Look } from './code-reader.ts'

addEventListener('message', ({ data }: MessageEvent<Look>) => {
  postMessage({ n: data.n, text: readPixels(data) })
})
