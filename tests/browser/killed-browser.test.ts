/**
 * A browser killed (SIGKILL) in mid-sync and opened again on the same profile, again and again: every fact of which the screen
 * had said 已存本机 arrives once, and nothing that nobody wrote.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { personIdOf } from '../support/endpoint.ts'
import { createRandom, newSeed } from '../support/random.ts'
import { allDelivered, storedFields } from './support/acts.ts'
import { signIn, workerReady } from './support/browser.ts'
import { startMortalBrowser, type MortalBrowser } from './support/mortal-browser.ts'
import { serveHall, type ServedHall } from './support/served-hall.ts'

const ROUNDS = 6
const FACTS_A_ROUND = 3
/** Where the browser dies: as the network comes back, as a request arrives, or a moment after it. */
const MOMENTS = ['at once', 'POST /api/push', 'POST /api/push', 'POST /api/pull'] as const
const LONGEST_MOMENT_MS = 60

const seed = Number(process.env.HISTORY_SEED ?? newSeed())
const random = createRandom(seed)
let hall: ServedHall
let browser: MortalBrowser
/** Texts of which the screen has said 已存本机. */
const said: string[] = []

beforeAll(async () => {
  hall = await serveHall()
  browser = await startMortalBrowser()
})
afterAll(async () => {
  await browser?.remove()
  await hall?.close()
})

/** Resolves when the endpoint is asked for this the next time. */
function nextRequest(line: string): Promise<void> {
  const from = hall.requests.length
  return new Promise((resolve) => {
    const look = () => (hall.requests.slice(from).includes(line) ? resolve() : void setImmediate(look))
    look()
  })
}

async function write(text: string): Promise<void> {
  const { page } = browser
  await page.getByLabel('写给党建科').fill(text)
  await page.getByRole('button', { name: '提交', exact: true }).click()
  await page.locator('article', { hasText: text }).getByText('已存本机').waitFor()
  said.push(text)
}

async function dieInMidSync(): Promise<void> {
  const moment = MOMENTS[random.between(0, MOMENTS.length - 1)]!
  const reached = moment === 'at once' ? undefined : nextRequest(moment)
  await browser.context.setOffline(false)
  // Nobody waits for a page that is about to die.
  browser.page.reload().catch(() => undefined)
  await reached
  await pause(random.between(0, LONGEST_MOMENT_MS))
  await browser.kill()
}

it('signs in, with the app on the phone', async () => {
  await signIn(browser.page, hall.url, '1003')
  await workerReady(browser.page)
  await allDelivered(browser.page)
  await browser.quit()
})

it(`dies ${ROUNDS} times in mid-sync with a queue of its own (seed ${seed})`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    if (!browser.isAlive()) await browser.start()
    await browser.context.setOffline(true)
    await browser.page.goto(`${hall.url}/me/opinions`)
    for (let n = 0; n < FACTS_A_ROUND; n++) await write(`第 ${round + 1} 轮第 ${n + 1} 条`)
    await dieInMidSync()
  }
  expect(said).toHaveLength(ROUNDS * FACTS_A_ROUND)
})

it('delivers every fact that was said to be 已存本机, once', async () => {
  await browser.start()
  await browser.page.goto(`${hall.url}/me/opinions`)
  for (const text of said)
    await browser.page.locator('article', { hasText: text }).getByText('已送达').waitFor({ timeout: 60_000 })
  await browser.page.goto(`${hall.url}/today`)
  await allDelivered(browser.page)
  const stored = await storedFields(hall.endpoint, 'opinion')
  expect(stored.map(({ text }) => text).sort()).toEqual([...said].sort())
  expect(stored.every(({ personId }) => personId === personIdOf('1003'))).toBe(true)
  expect(hall.endpoint.problems).toEqual([])
})
