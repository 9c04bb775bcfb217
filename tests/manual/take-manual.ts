/**
 * The pictures that the project keeps: docs/manual/pictures/ (WebP), docs/pictures/ and docs/pictures/exports/ (PNG). Made in full
 * before one is written.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveDemo } from '../browser/support/walk/demo-hall.ts'
import { placesOf } from '../browser/support/walk/places.ts'
import { rest, startCamera } from './camera.ts'
import { DAY, slowNow } from './day.ts'
import { takeExports } from './exports/exports.ts'
import { besideEachOther } from './five-screens.ts'
import { desk } from './scenes/desk.ts'
import { firstDay } from './scenes/first-day.ts'
import { member } from './scenes/member.ts'
import { noNetwork } from './scenes/no-network.ts'
import type { Scene } from './scenes/scene.ts'
import { secretary } from './scenes/secretary.ts'

/** The last one recalls a document. */
const SCENES: readonly Scene[] = [firstDay, secretary, member, desk, noNetwork]
/** Pictures of spreadsheets: no program here draws them. */
const BY_HAND = 'xlsx-'
const README_SCREENS = ['today', 'lesson', 'sign', 'roll', 'self-assessment']

export async function takeManual(root: string): Promise<void> {
  const taken = new Map<string, Buffer>()
  const hall = await serveDemo({ now: slowNow })
  const camera = await startCamera(hall.url, 2)
  try {
    const places = await placesOf(hall, DAY)
    const take = async (page: Parameters<typeof rest>[0], name: string) => {
      await rest(page)
      taken.set(name, await page.screenshot())
    }
    for (const scene of SCENES) {
      const from = taken.size
      await scene({ url: hall.url, camera, places, take })
      console.log(`${scene.name}: ${taken.size - from} pictures`)
    }
    const exports = await takeExports(camera, places, hall.url)
    console.log(`exports: ${exports.size} pictures`)
    const five = await besideEachOther(
      camera,
      README_SCREENS.map((name) => taken.get(name)!),
    )
    const small = new Map<string, Buffer>()
    for (const [name, picture] of taken) small.set(name, await camera.small(picture))
    keep(join(root, 'docs/manual/pictures'), small, 'webp')
    keep(
      join(root, 'docs/pictures'),
      new Map([
        ['five-screens', five],
        ['desk', taken.get('desk-circulations')!],
      ]),
      'png',
    )
    keep(join(root, 'docs/pictures/exports'), exports, 'png')
  } finally {
    await camera.close()
    await hall.close()
  }
}

/** In place of what was there; folders in it, and what is named as taken by hand, stay. */
function keep(folder: string, pictures: ReadonlyMap<string, Buffer>, ending: string): void {
  mkdirSync(folder, { recursive: true })
  for (const each of readdirSync(folder, { withFileTypes: true }))
    if (each.isFile() && !each.name.startsWith(BY_HAND)) rmSync(join(folder, each.name))
  let sum = 0
  for (const [name, bytes] of pictures) {
    writeFileSync(join(folder, `${name}.${ending}`), bytes)
    sum += bytes.length
  }
  console.log(`${folder}: ${pictures.size} pictures, ${Math.round(sum / 1024)} kB`)
}
