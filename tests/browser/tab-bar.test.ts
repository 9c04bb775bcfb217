/**
 * The five tabs lie over the page's end on a phone: no row is too small a target because it is half under them, the last row
 * comes out from under them, and a page that is left is found again where it was.
 */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEMO_PASSWORD, STAFF } from '../../src/server/demo/accounts.ts'
import { allDelivered, go } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { startPhones, type Phone, type Phones } from './support/phones.ts'
import { serveDemo, type DemoHall } from './support/walk/demo-hall.ts'
import { hiddenUnderBars } from './support/walk/hidden-under-bars.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** The phone of Lighthouse. */
const SIZE = { width: 412, height: 823 }

let hall: DemoHall
let phones: Phones
let phone: Phone
beforeAll(async () => {
  hall = await serveDemo()
  phones = await startPhones()
  phone = await phones.open(SIZE)
  await signIn(phone.page, hall.url, STAFF.member, DEMO_PASSWORD)
  await allDelivered(phone.page)
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

it('counts no row as too small for being half under the tabs', async () => {
  const { page } = phone
  await go(page, '/me')
  await page.evaluate(AXE)
  const seen = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(root: Document, options: object): Promise<{ violations: { nodes: { html: string }[] }[] }> }
    }
    const bar = document.querySelector('nav.tabs')!.getBoundingClientRect()
    const row = [...document.querySelectorAll('a.row')].find(
      (each) => each.getBoundingClientRect().top > bar.top,
    )!
    // Ten pixels of it are to be seen.
    scrollBy({ top: row.getBoundingClientRect().top - bar.top + 10, behavior: 'instant' })
    const shown = bar.top - row.getBoundingClientRect().top
    const { violations } = await axe.run(document, { runOnly: { type: 'rule', values: ['target-size'] } })
    return { shown, small: violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)) }
  })
  expect(seen).toEqual({ shown: expect.closeTo(10, 0), small: [] })
})

it('lets the last row out from under the tabs, and finds the place again on the way back', async () => {
  const { page } = phone
  await go(page, '/me')
  expect(await hiddenUnderBars(page)).toEqual([])
  // A click of the driver would scroll by itself.
  const before = await page.evaluate(() => {
    scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })
    document.querySelector<HTMLElement>('a.row[href="/me/about"]')!.click()
    return scrollY
  })
  expect(before).toBeGreaterThan(100)
  await page.waitForURL('**/me/about')
  await page.getByText('功能清单').waitFor()
  await page.goBack()
  await page.waitForFunction((top) => location.pathname === '/me' && Math.abs(scrollY - top) < 2, before)
})
