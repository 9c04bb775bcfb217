/** What people do on several screens, and what the endpoint has of it afterwards. */
import type { Page } from 'playwright-core'
import type { TestEndpoint } from '../../support/endpoint.ts'

/** The fields of every stored record of a type. */
export async function storedFields(
  endpoint: Pick<TestEndpoint, 'store'>,
  type: string,
): Promise<Record<string, unknown>[]> {
  const rows = await endpoint.store.read((tx) => tx.records({ types: [type] }))
  return rows.filter((row) => !row.deleted).map((row) => JSON.parse(row.fields) as Record<string, unknown>)
}

/**
 * A phone that has its network back waits by chance up to 5 s before it asks, and up to 10 s more after an attempt that
 * came too early.
 */
export const BACK_ONLINE = { timeout: 40_000 } as const

export const allDelivered = (page: Page): Promise<void> =>
  page.getByText('全部已送达').first().waitFor(BACK_ONLINE)

/** Answers the question that stands on the screen. */
export async function answer(page: Page, word: string): Promise<void> {
  await page.getByRole('alertdialog').getByRole('button', { name: word, exact: true }).click()
  await page.getByRole('alertdialog').waitFor({ state: 'hidden' })
}

/** Three strokes on the pad, as a hand makes them. */
export async function drawSignature(page: Page): Promise<void> {
  await page.getByRole('heading', { name: '手写签名' }).waitFor()
  const box = (await page.locator('canvas').first().boundingBox())!
  for (const dy of [0.3, 0.5, 0.7]) {
    await page.mouse.move(box.x + 40, box.y + box.height * dy)
    await page.mouse.down()
    for (let step = 1; step <= 8; step++)
      await page.mouse.move(box.x + 40 + step * 25, box.y + box.height * dy + (step % 2) * 14)
    await page.mouse.up()
  }
}

/** Another page of the app without loading it anew, as a tap on a link does. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(async (to) => {
    interface Mounted extends Element {
      __vue_app__: { config: { globalProperties: { $router: { push(path: string): Promise<unknown> } } } }
    }
    const root = document.querySelector<Mounted>('#app')!
    // oxlint-disable-next-line no-underscore-dangle -- the handle that Vue leaves on its root
    await root.__vue_app__.config.globalProperties.$router.push(to)
  }, path)
}

/** The keys of one table of this person's phone: hashes of files, names of what is half written. */
export const keysOnPhone = (page: Page, personId: string, table: 'blobs' | 'meta'): Promise<string[]> =>
  page.evaluate(
    ([name, store]) =>
      new Promise<string[]>((resolve, reject) => {
        const opening = indexedDB.open(name!)
        opening.addEventListener('error', () => reject(new Error('no database')))
        opening.addEventListener('success', () => {
          const asking = opening.result.transaction(store!).objectStore(store!).getAllKeys()
          asking.addEventListener('success', () => {
            opening.result.close()
            resolve(asking.result as string[])
          })
        })
      }),
    [`wh-${personId}`, table],
  )
