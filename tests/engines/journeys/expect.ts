/** What is compared, and pictures that a person can look at afterwards. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Screen } from '../screen/screen.ts'

/** A blank phone is some 3 kB as PNG; a page of Chinese text is well over. */
const LEAST_DRAWN_BYTES = 12_000

export function expectEqual(what: string, is: unknown, should: unknown): void {
  const [isText, shouldText] = [JSON.stringify(is), JSON.stringify(should)]
  if (isText !== shouldText) throw new Error(`${what}: ${isText}, not ${shouldText}`)
}

/** With PICTURES_DIR the picture is kept there. */
export async function pictureShows({ engine }: Screen, name: string): Promise<void> {
  const png = await engine.picture()
  const folder = process.env.PICTURES_DIR
  if (folder !== undefined && folder !== '') {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `${engine.name}-${name}.png`), png)
  }
  if (png.length < LEAST_DRAWN_BYTES) throw new Error(`${name}: nothing is drawn (${png.length} bytes)`)
}
