/**
 * Every page once at 360 px, as each role, in the usual look and in 长辈版: one h1, nothing wider than the screen, no English,
 * nothing in the console, nothing for axe.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { branchId, personIdOf, sectionId } from '../support/endpoint.ts'
import { allDelivered, go } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { SMALL, startPhones, type Phone, type Phones } from './support/phones.ts'
import {
  BOOK,
  CHAPTER,
  CIRCULATION,
  DOCUMENT,
  LESSON,
  MEETING,
  MONTH,
  serveHall,
  SITTING,
  type ServedHall,
} from './support/served-hall.ts'

const month = MONTH()
const OPEN = ['/sign-in', '/activate', '/set-up', '/open-in-browser', '/no-such-page']
const EVERYONE = [
  '/today',
  '/study',
  `/lessons/${LESSON}`,
  `/lessons/${LESSON}/reflection`,
  '/books',
  `/books/${BOOK}`,
  `/books/${BOOK}/${CHAPTER}`,
  '/circulation',
  `/circulation/${CIRCULATION}`,
  `/circulation/${CIRCULATION}/sign`,
  '/branch',
  '/meetings',
  `/meetings/${MEETING}`,
  '/members',
  '/assessment',
  `/assessment/${month}/party`,
  `/assessment/${month}/work`,
  `/assessment/${month}/result`,
  '/me',
  '/me/delivery',
  '/me/holds',
  '/me/devices',
  '/me/opinions',
  '/me/appearance',
  '/me/about',
  '/me/install',
  '/desk',
  '/locked',
]
const OFFICER = [
  `/circulation/${CIRCULATION}/progress`,
  '/meetings/new',
  `/meetings/${MEETING}/edit`,
  `/meetings/${MEETING}/minutes`,
  `/meetings/${MEETING}/roll/${SITTING}`,
  '/scoring',
  `/scoring/${month}/party/${branchId('第一支部')}/${personIdOf('1003')}`,
  `/scoring/${month}/work/${sectionId('综合科')}/${personIdOf('1003')}`,
]
const OFFICE = [
  '/desk/lessons',
  '/desk/lessons/new',
  `/desk/lessons/${LESSON}`,
  '/desk/documents',
  '/desk/documents/new',
  `/desk/documents/${DOCUMENT}`,
  '/desk/circulations',
  '/desk/months',
  '/desk/opinions',
]
const ADMINISTRATOR = ['/desk/people']
const ALL = [...EVERYONE, ...OFFICER, ...OFFICE, ...ADMINISTRATOR]

/** What may stand in Latin letters: formats, names of files and of browsers, an address, a command, a fingerprint, the pages of the sample PDF. */
const ALLOWED =
  /npm run import -- people|\b[0-9A-F]{4}\b|Sample page|https?:\/\/\S+|localhost:\d+\S*|[\w\u4e00-\u9fff-]+\.(pdf|md|docx|xlsx|csv)|\bJSON\b|\b(Word|Markdown|Linux|Chrome|Windows|iPhone|Safari|https?|WeChat|Wi-Fi|UTF)\b/gi
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let hall: ServedHall
let phones: Phones
beforeAll(async () => {
  hall = await serveHall()
  phones = await startPhones()
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

/** The page is drawn: its heading is there, and nothing loads or moves any more. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => {
    const isLoading = document.querySelector('.loading, [aria-busy="true"]') !== null
    return !isLoading && document.getAnimations().every(({ playState }) => playState !== 'running')
  })
}

async function faultsOf(page: Page): Promise<string[]> {
  const seen = await page.evaluate(() => ({
    headings: [...document.querySelectorAll('h1')].map((h) => h.textContent.trim()),
    wide: document.scrollingElement!.scrollWidth - innerWidth,
    widest: [...document.querySelectorAll('main *')]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll'))
      .slice(0, 3)
      .map((e) => `${e.tagName}.${e.className}`),
    text: document.body.innerText,
  }))
  const english = seen.text.replaceAll(ALLOWED, '').match(/[A-Za-z]{4,}/g) ?? []
  return [
    ...(seen.headings.length === 1 ? [] : [`${seen.headings.length} h1: ${seen.headings.join(', ')}`]),
    ...(seen.wide > 0 ? [`${seen.wide} px too wide: ${seen.widest.join(' ')}`] : []),
    ...(english.length === 0 ? [] : [`English: ${english.join(', ')}`]),
  ]
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { target: string[] }[] }[]
}
async function axeFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE)
  const { violations } = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(root: Document, options: object): Promise<AxeResult> } }
    return axe.run(document, {
      resultTypes: ['violations'],
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] },
    })
  })
  return violations.map(
    ({ id, nodes }) =>
      `axe ${id}: ${nodes
        .slice(0, 3)
        .map((n) => n.target.join(' '))
        .join(' | ')}`,
  )
}

/** @param judged the paths that axe looks at: those that this role is the first to see filled */
async function walk(page: Page, paths: readonly string[], judged: readonly string[]): Promise<string[]> {
  const faults: string[] = []
  for (const path of paths) {
    await go(page, path)
    await settled(page)
    const found = [...(await faultsOf(page)), ...(judged.includes(path) ? await axeFaults(page) : [])]
    faults.push(...found.map((fault) => `${path} ${fault}`))
  }
  return faults
}

async function signedIn(staffNo: string): Promise<Phone> {
  const phone = await phones.open(SMALL, { reducedMotion: 'reduce' })
  await signIn(phone.page, hall.url, staffNo)
  await allDelivered(phone.page)
  return phone
}
const chooseElder = async (page: Page) => {
  await page.evaluate(() =>
    localStorage.setItem('window-hall.appearance', JSON.stringify({ theme: 'auto', elder: true })),
  )
  await page.goto(`${hall.url}/today`)
  await allDelivered(page)
  expect(await page.evaluate(() => document.documentElement.hasAttribute('data-elder'))).toBe(true)
}

it('shows the pages before a sign-in', async () => {
  const { page, troubles } = await phones.open(SMALL)
  await page.goto(`${hall.url}/sign-in`)
  const faults = await walk(page, OPEN, OPEN)
  expect([...faults, ...troubles]).toEqual([])
})

const ROLES = [
  { role: 'member', staffNo: '1003', own: EVERYONE },
  { role: 'secretary', staffNo: '1001', own: OFFICER },
  { role: 'office', staffNo: '9001', own: OFFICE },
  { role: 'administrator', staffNo: '0001', own: ADMINISTRATOR },
]
it.concurrent.each(ROLES)('shows every page to the $role', async ({ staffNo, own }) => {
  const { page, troubles } = await signedIn(staffNo)
  const faults = await walk(page, ALL, own)
  await chooseElder(page)
  const inElder = await walk(page, own, own)
  expect([...faults, ...inElder.map((fault) => `长辈版 ${fault}`), ...troubles]).toEqual([])
  expect(hall.endpoint.problems).toEqual([])
})
