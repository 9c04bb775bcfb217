/** What a scene is given: the hall's address, a camera, and a place for what it takes. */
import type { Page } from 'playwright-core'
import { go } from '../../browser/support/acts.ts'
import { settled } from '../../browser/support/walk/walk.ts'
import type { Places } from '../../browser/support/walk/places.ts'
import type { Camera } from '../camera.ts'

export interface Set {
  url: string
  camera: Camera
  places: Places
  /** The screen as it stands, under this name. */
  take(page: Page, name: string): Promise<void>
}
export type Scene = (set: Set) => Promise<void>

export async function visit(page: Page, path: string): Promise<void> {
  await go(page, path)
  await settled(page)
}

export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).first().click()
