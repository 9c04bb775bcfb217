/** The README's first picture: phones beside each other, on a ground a little darker than their paper. Laid out by the browser. */
import type { Camera } from './camera.ts'

const WIDTH = 375
const HEIGHT = 812
const GAP = 20

export async function besideEachOther(camera: Camera, pictures: readonly Buffer[]): Promise<Buffer> {
  const size = { width: pictures.length * (WIDTH + GAP) + GAP, height: HEIGHT + 2 * GAP }
  const { page, context } = await camera.open(undefined, size)
  const images = pictures.map((p) => `<img alt="" src="data:image/png;base64,${p.toString('base64')}">`)
  await page.setContent(
    `<style>body{margin:0;padding:${GAP}px;display:flex;gap:${GAP}px;background:#e9e4db}
     img{width:${WIDTH}px;height:${HEIGHT}px;border-radius:14px}</style>${images.join('')}`,
  )
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete))
  const picture = await page.screenshot()
  await context.close()
  return picture
}
