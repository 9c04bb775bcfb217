/** /gallery shows every component of the kit; what it does not show has its reason here. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const UI = join(import.meta.dirname, '../../../src/client/ui')
const GALLERY = join(UI, 'gallery')

/** Why it stands in no picture by itself. */
const ELSEWHERE: Record<string, string> = {
  FileRow: 'a row of FileList, which is shown',
  FieldFrame: 'the frame of every field, which are shown',
  LongListBlock: 'a part of LongList, which is shown',
  ConfirmHost: 'mounted by the app; its question is asked by a button of the gallery',
  ToastHost: 'mounted by the app; a button of the gallery lets it speak',
  DeliveredNews: 'for the ear alone',
}

const components = globSync('**/*.vue', { cwd: UI })
  .filter((path) => !path.startsWith('gallery'))
  .map((path) => basename(path, '.vue'))
const templates = globSync('*.vue', { cwd: GALLERY })
  .map((name) => readFileSync(join(GALLERY, name), 'utf8').replace(/<script[\s\S]*?<\/script>/u, ''))
  .join('\n')
const isShown = (name: string): boolean => new RegExp(`<${name}[\\s/>]`, 'u').test(templates)

it.each(components.filter((name) => !(name in ELSEWHERE)))('%s is in the gallery', (name) =>
  expect(isShown(name)).toBe(true),
)
it('excuses nothing that is gone, or that is shown', () => {
  for (const name of Object.keys(ELSEWHERE))
    expect({ name, exists: components.includes(name), shown: isShown(name) }).toEqual({
      name,
      exists: true,
      shown: false,
    })
})
it('mounts every part of itself', () => {
  const page = readFileSync(join(GALLERY, 'GalleryPage.vue'), 'utf8')
  const parts = globSync('*.vue', { cwd: GALLERY }).map((name) => basename(name, '.vue'))
  for (const part of parts.filter((name) => name !== 'GalleryPage'))
    expect(page, part).toMatch(new RegExp(`<${part}[\\s/>]`, 'u'))
})
