// @vitest-environment happy-dom
/** No later page is drawn before its sheet is there, and that sheet stands after the first one. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'
import { completeRoutes, createAppRouter } from '../../../src/client/router.ts'
import { laterSheet } from '../../../src/client/ui/page/later-sheet.ts'
import { sentenceOf } from '../../../src/client/ui/sentence-of.ts'

/** A page as the build makes it; the test says when a sheet has come. */
beforeEach(() => {
  document.body.innerHTML = `<div id="app"></div><i class="first-sheet"></i>
    <template id="later-sheet"><link rel="stylesheet"></template>`
})
afterEach(() => {
  vi.restoreAllMocks()
  document.body.innerHTML = ''
})

const links = () => [...document.querySelectorAll('body > link[rel=stylesheet]')]
const isOver = async (work: Promise<unknown>) =>
  await Promise.race([work.then(() => true), new Promise((resolve) => setTimeout(resolve, 20, false))])

it('the sheet comes once, after the first one, and whoever waits goes on when it is there', async () => {
  const both = Promise.all([laterSheet(), laterSheet()])
  expect(links()).toHaveLength(1)
  const [link] = links()
  expect(
    document.querySelector('.first-sheet')!.compareDocumentPosition(link!) & Node.DOCUMENT_POSITION_FOLLOWING,
  ).not.toBe(0)
  expect(await isOver(both)).toBe(false)
  link!.dispatchEvent(new Event('load'))
  await both
  await laterSheet()
  expect(links()).toHaveLength(1)
})

it('what could not be had is asked for again, and told as a part that is missing', async () => {
  const first = laterSheet()
  links()[0]!.dispatchEvent(new Event('error'))
  const problem = await first.catch((error: unknown) => error)
  expect(sentenceOf(problem)).toMatch(/新版本|没有下载到本机/)
  expect(links()).toHaveLength(0)
  const second = laterSheet()
  links()[0]!.dispatchEvent(new Event('load'))
  await second
})

it('no later route is there without it', async () => {
  const router = createAppRouter({ state: 'signed-in', locked: false }, createMemoryHistory())
  const coming = completeRoutes(router)
  expect(await isOver(coming)).toBe(false)
  expect(router.hasRoute('not-found')).toBe(false)
  links()[0]!.dispatchEvent(new Event('load'))
  expect(await coming).toBe(true)
})

it('where nothing was laid apart nothing is waited for', async () => {
  document.body.innerHTML = ''
  expect(await isOver(laterSheet())).toBe(true)
})
