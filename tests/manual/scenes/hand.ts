/** A signature on the pad: strokes of a made-up hand, as parts of the pad's width and height. */
import type { Page } from 'playwright-core'

const STROKES = [
  [0.16, 0.32, 0.22, 0.3, 0.3, 0.27, 0.36, 0.26],
  [0.26, 0.14, 0.26, 0.34, 0.25, 0.56, 0.26, 0.74],
  [0.25, 0.34, 0.21, 0.46, 0.17, 0.55, 0.13, 0.6],
  [0.27, 0.38, 0.31, 0.46, 0.35, 0.52, 0.39, 0.54],
  [0.5, 0.3, 0.58, 0.28, 0.68, 0.25, 0.78, 0.24],
  [0.63, 0.12, 0.63, 0.32, 0.61, 0.54, 0.63, 0.76],
  [0.61, 0.34, 0.56, 0.47, 0.5, 0.58, 0.45, 0.63],
  [0.65, 0.36, 0.71, 0.48, 0.79, 0.58, 0.88, 0.64],
]

export async function writeName(page: Page): Promise<void> {
  await page.getByRole('heading', { name: '手写签名' }).waitFor()
  const box = (await page.locator('canvas').first().boundingBox())!
  for (const stroke of STROKES) {
    const points = Array.from({ length: stroke.length / 2 }, (_, n) => ({
      x: box.x + box.width * stroke[n * 2]!,
      y: box.y + box.height * stroke[n * 2 + 1]!,
    }))
    await page.mouse.move(points[0]!.x, points[0]!.y)
    await page.mouse.down()
    for (const { x, y } of points.slice(1)) await page.mouse.move(x, y, { steps: 6 })
    await page.mouse.up()
  }
}
