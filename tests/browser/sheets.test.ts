/** 打印全部: the sheets of all branches in one print, each of which can be taken apart and filed for itself. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { Circulation } from '../../src/shared/circulation/circulation.ts'
import { circulationId } from '../../src/shared/circulation/circulation.ts'
import { idFrom } from '../../src/shared/sync/canonical.ts'
import { branchId } from '../support/endpoint.ts'
import { openBrowser, signIn, type PhoneBrowser } from './support/browser.ts'
import { CIRCULATION, DOCUMENT, serveHall, type ServedHall } from './support/served-hall.ts'

/** In the order of the print. The middle one fits on a page; the others need two, so that a count that goes on would be seen. */
const PEOPLE = { 第一支部: 44, 第三支部: 3, 第二支部: 41 }
let hall: ServedHall
let desk: PhoneBrowser

async function fieldsOf<Fields>(type: string, id: string): Promise<Fields> {
  const row = await hall.endpoint.store.read((tx) => tx.record(type, id))
  return JSON.parse(row!.fields) as Fields
}

beforeAll(async () => {
  hall = await serveHall()
  const { endpoint } = hall
  const first = await fieldsOf<Circulation>('circulation', CIRCULATION)
  const unit = await fieldsOf<Record<string, string>>('unit', branchId('第一支部'))
  for (const [name, people] of Object.entries(PEOPLE)) {
    const unitId = branchId(name)
    await endpoint.put('unit', unitId, { ...unit, name })
    const recipients = Array.from({ length: people }, (_, n) => ({
      personId: idFrom('sheets', `${name}${n}`),
      name: `党员${n + 1}`,
    }))
    const fields = { ...first, unitId, recipients }
    await endpoint.put('circulation', circulationId(DOCUMENT, unitId), JSON.parse(JSON.stringify(fields)))
  }
  desk = await openBrowser({ width: 1280, height: 800 })
})
afterAll(async () => {
  await desk?.close()
  await hall?.close()
})

it('each sheet numbers its own pages, names itself on each of them, and says where it ends', async () => {
  const { page } = desk
  await signIn(page, hall.url, '9001')
  await page.goto(`${hall.url}/desk/circulations/${DOCUMENT}/sheets`)
  await page.getByLabel('支部', { exact: true }).selectOption('all')
  const all = page.getByRole('button', { name: '打印全部' })
  await all.and(page.locator(':enabled:not([aria-disabled=true])')).waitFor()
  await page.locator('.paper-sheet').nth(2).waitFor()
  const printed = await page.pdf({
    preferCSSPageSize: true,
    ...(process.env.KEEP_PRINT ? { path: `${process.env.KEEP_PRINT}-all.pdf` } : {}),
  })
  const pdf = await getDocument({ data: new Uint8Array(printed) }).promise
  // 页 comes back as its radical, which no normal form makes a letter again.
  const said: string[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    const text = items
      .map((item) => ('str' in item ? item.str : ''))
      .join('')
      .normalize('NFKC')
      .replaceAll(/\s/g, '')
    expect(text).toMatch(/核验码[0-9a-f]{12}/)
    expect(text).toMatch(/SHA-256[0-9a-f]{64}/)
    const branch = /核验码[0-9a-f]{12}(第.支部)/.exec(text)?.[1]
    const end = /(第.支部)传阅单到此为止,共(\d+)人/.exec(text)
    said.push(`${branch} ${/第(\d+)[页⻚]/.exec(text)?.[1]}${end === null ? '' : ` ${end[1]} ${end[2]}`}`)
  }
  const expected = Object.entries(PEOPLE).flatMap(([name, people]) =>
    people > 10 ? [`${name} 1`, `${name} 2 ${name} ${people}`] : [`${name} 1 ${name} ${people}`],
  )
  expect(said.toSorted()).toEqual(expected.toSorted())
})

it('says nothing in the console', () => expect(desk.troubles).toEqual([]))
