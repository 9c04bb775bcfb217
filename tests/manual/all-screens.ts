/**
 * All screens, to be looked at one by one: every page of the walk, at three sizes, light, dark and 长辈版, as who it is made for;
 * the demo bureau, and halls with long names, with 300 rows and with nothing. Too many to keep: into a folder outside the project.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { STAFF } from '../../src/server/demo/accounts.ts'
import { go } from '../browser/support/acts.ts'
import { DESK, PHONE, SMALL } from '../browser/support/phones.ts'
import { serveDemo } from '../browser/support/walk/demo-hall.ts'
import { wear, type Mode } from '../browser/support/walk/modes.ts'
import { placesOf } from '../browser/support/walk/places.ts'
import { albumPage, type Shot } from './album.ts'
import { rest, startCamera, type Camera } from './camera.ts'
import { DAY, slowNow } from './day.ts'
import { HALLS, NO_DATA, type Hall } from './halls/halls.ts'

const LOOKS = [
  { key: 'light', theme: 'light', isElder: false },
  { key: 'dark', theme: 'dark', isElder: false },
  { key: 'elder', theme: 'light', isElder: true },
] as const
const MODES: readonly Mode[] = [SMALL, PHONE, DESK].flatMap((size) =>
  LOOKS.map(({ key, theme, isElder }) => ({ name: `${size.width}-${key}`, size, theme, isElder })),
)

interface Part {
  role: string
  staffNo: string | undefined
  own: readonly string[]
}

async function partsOf(hall: Hall, store: Parameters<typeof placesOf>[0]['store']): Promise<Part[]> {
  if (hall === NO_DATA) return emptyParts()
  const { open, roles } = await placesOf({ store }, DAY)
  const outside = hall.key === 'demo' ? [{ role: 'open', staffNo: undefined, own: open }] : []
  return [...outside, ...roles]
}

/** What the first people of a new bureau see. */
function emptyParts(): Part[] {
  const member =
    '/today /study /books /circulation /branch /members /meetings /assessment /me /me/delivery /me/holds /me/opinions'
  const office = '/desk /desk/lessons /desk/documents /desk/circulations /desk/months /desk/opinions'
  return [
    { role: 'member', staffNo: STAFF.member, own: member.split(' ') },
    { role: 'secretary', staffNo: STAFF.secretary, own: ['/today', '/branch', '/meetings/new', '/scoring'] },
    { role: 'office', staffNo: STAFF.office, own: office.split(' ') },
    { role: 'administrator', staffNo: STAFF.administrator, own: ['/today', '/desk', '/desk/people'] },
  ]
}

async function takePart(camera: Camera, hall: Hall, part: Part, folder: string): Promise<Shot[]> {
  const shots: Shot[] = []
  const phone = await camera.open(part.staffNo, SMALL)
  for (const [at, path] of part.own.entries()) {
    await wear(phone.page, MODES[0]!)
    await go(phone.page, path)
    for (const mode of MODES) {
      await rest(phone.page)
      await wear(phone.page, mode)
      const file = `${hall.key}-${part.role}-${String(at + 1).padStart(2, '0')}-${mode.name}.jpg`
      await phone.page.screenshot({ path: join(folder, file), type: 'jpeg', quality: 72 })
      shots.push({ file, hall: hall.name, role: part.role, path, mode: mode.name })
    }
  }
  await phone.context.close()
  return shots
}

/** @returns how many pictures there are, beside an index.html to look through them */
export async function takeAllScreens(folder: string, halls = HALLS): Promise<number> {
  mkdirSync(folder, { recursive: true })
  const shots: Shot[] = []
  for (const hall of halls) {
    const served = await serveDemo({ now: slowNow, fill: hall.fill })
    const camera = await startCamera(served.url)
    const parts = await partsOf(hall, served.store)
    for (const part of parts) shots.push(...(await takePart(camera, hall, part, folder)))
    await camera.close()
    await served.close()
    console.log(`${hall.name}: ${shots.length} pictures so far`)
  }
  writeFileSync(join(folder, 'index.html'), albumPage(shots))
  return shots.length
}
