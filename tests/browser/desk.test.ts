/**
 * The Party office at its desk, and a member's phone: a lesson is published and revised, a document is confirmed by a second
 * person, sent, signed and recalled.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PDFDocument } from 'pdf-lib'
import type { Page } from 'playwright-core'
import { civilDate, DAY_MS, isoWeek } from '../../src/shared/civil-time.ts'
import { personIdOf } from '../support/endpoint.ts'
import { allDelivered, answer, drawSignature, keysOnPhone, storedFields } from './support/acts.ts'
import { signIn } from './support/browser.ts'
import { DESK, PHONE, startPhones, WITHOUT_WORKER, type Phone, type Phones } from './support/phones.ts'
import { samplePdf, serveHall, type ServedHall } from './support/served-hall.ts'

let hall: ServedHall
let phones: Phones
let office: Phone
let second: Phone
let member: Phone
let other: Phone

beforeAll(async () => {
  hall = await serveHall()
  phones = await startPhones()
  office = await phones.open(DESK, WITHOUT_WORKER)
  second = await phones.open(DESK, WITHOUT_WORKER)
  member = await phones.open()
  other = await phones.open(PHONE, WITHOUT_WORKER)
  await Promise.all([
    signIn(office.page, hall.url, '9001'),
    signIn(second.page, hall.url, '9002'),
    signIn(member.page, hall.url, '1003'),
    signIn(other.page, hall.url, '2002'),
  ])
})
afterAll(async () => {
  await phones?.close()
  await hall?.close()
})

const open = (phone: Phone, path: string) => phone.page.goto(`${hall.url}${path}`)
const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) })

const YESTERDAY = `${civilDate(Date.now() - DAY_MS)}T08:30`

async function writeLesson(page: Page, title: string, body: string): Promise<void> {
  await page.goto(`${hall.url}/desk/lessons`)
  await page.getByRole('link', { name: '发布新课' }).click()
  await page.getByLabel('哪一周').selectOption(isoWeek(civilDate(Date.now())))
  await page.getByLabel('栏目').selectOption({ label: '通知要求' })
  await page.getByLabel('标题').fill(title)
  await page.getByLabel('正文').fill(body)
  await page.getByLabel('发布时间').fill(YESTERDAY)
}

it('publishes a lesson for everyone; one marked 机密 is refused in a sentence and stays a draft', async () => {
  const { page } = office
  await writeLesson(page, '机密：窗口值守安排', '第一段。\n\n第二段，早八点开门。')
  await button(page, '发布').click()
  await page.getByText(/“机密”.*草稿还在本机/).waitFor()
  expect((await storedFields(hall.endpoint, 'lesson')).map((l) => l.title)).not.toContain(
    '机密：窗口值守安排',
  )
  await page.reload()
  expect(await page.getByLabel('正文').inputValue()).toBe('第一段。\n\n第二段，早八点开门。')
  await page.getByLabel('标题').fill('窗口值守安排')
  await button(page, '发布').click()
  await page.getByText('新课已发布').waitFor()
  await page.getByRole('link', { name: /窗口值守安排/ }).waitFor()

  for (const phone of [member, other]) {
    await open(phone, '/study')
    await phone.page.getByRole('link', { name: /窗口值守安排/ }).click()
    await phone.page.getByText('第二段，早八点开门。').waitFor()
  }
})

it('publishes a lesson with an attachment for one unit alone', async () => {
  const { page } = office
  await writeLesson(page, '第一支部的排班', '只发第一支部。')
  await page.locator('input[type=file]').setInputFiles({
    name: '排班表.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(await samplePdf('Roster')),
  })
  await page.getByText('排班表.pdf').waitFor()
  await page.locator('label', { hasText: '部分单位' }).click()
  await page.getByLabel('第一支部').check()
  await button(page, '发布').click()
  await page.getByText('新课已发布').waitFor()

  await open(member, '/study')
  await member.page.getByRole('link', { name: /第一支部的排班/ }).click()
  // A file of this week's lesson comes by itself; a tap on 下载 would be too late now and then.
  await member.page.getByText('已在本机').waitFor()
  await open(other, '/study')
  await allDelivered(other.page)
  expect(await other.page.getByText('第一支部的排班').count()).toBe(0)
})

it('revises it: the member’s phone says 有修订 and what changed', async () => {
  await open(member, '/study')
  await member.page.getByRole('link', { name: /窗口值守安排/ }).click()
  await button(member.page, '已学').click()
  await member.page.getByText('已学 · 已送达').waitFor()

  const { page } = office
  await open(office, '/desk/lessons')
  await page.getByRole('link', { name: /窗口值守安排/ }).click()
  await page.getByLabel('正文').fill('第一段。\n\n第二段，早七点半开门。')
  await button(page, '发布修订').click()
  await page.getByText('请写一句改了什么').first().waitFor()
  await page.getByLabel('改了什么').fill('开门提前半小时')
  await button(page, '发布修订').click()
  await page.getByText('修订已发布').waitFor()

  await open(member, '/study')
  const row = member.page.getByRole('link', { name: /窗口值守安排/ })
  await row.getByText('有修订').waitFor()
  await row.click()
  await member.page.getByText('早七点半开门').waitFor()
  await member.page.getByText('第 2 版改了：开门提前半小时').waitFor()
})

let documentPath = ''

it('registers a PDF as 非密; the publisher cannot confirm it, a second person does', async () => {
  const { page } = office
  await open(office, '/desk/documents/new')
  await page.getByLabel('标题').fill('机密文件的通知')
  await page.getByText(/标题带有“机密”字样/).waitFor()
  await page.getByLabel('标题').fill('关于冬季值守的通知')
  await page.locator('input[type=file]').setInputFiles({
    name: '冬季值守.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from(await samplePdf('Winter')),
  })
  await page.getByText(/3 页/).waitFor()
  await button(page, '登记').click()
  await page.getByText('请先声明非密').waitFor()
  await page.getByLabel(/我声明/).check()
  await button(page, '登记').click()
  await page.getByText('待第二人确认').waitFor()
  await page.getByText('非密由你声明，须由第二人确认').waitFor()
  expect(await button(page, /^确认非密/).count()).toBe(0)
  expect(await button(page, '发到支部传阅').count()).toBe(0)
  await page.getByText('登记和文件先存本机').waitFor({ state: 'hidden' })
  documentPath = new URL(page.url()).pathname

  await open(second, '/desk/documents')
  await second.page.getByRole('link', { name: /关于冬季值守的通知/ }).click()
  await button(second.page, /^查看文件/).click()
  await button(second.page, '现在下载').click()
  await second.page.locator('canvas').first().waitFor()
  await button(second.page, /^确认非密/).click()
  await answer(second.page, '确认非密')
  await second.page.getByText('已确认非密').waitFor()
  await second.page.getByText('确认先存本机').waitFor({ state: 'hidden' })
  expect(await storedFields(hall.endpoint, 'document-confirmation')).toHaveLength(2)
})

it('sends it to a branch; the member reads and signs, the office sees the figure', async () => {
  const { page } = office
  await open(office, documentPath)
  await button(page, '发到支部传阅').click()
  await page.getByRole('dialog').getByLabel('第二支部').uncheck()
  await page.getByRole('dialog').getByRole('button', { name: '发到 1 个支部' }).click()
  await page.getByText(/已发到 1 个支部/).waitFor()

  await open(member, '/circulation')
  const row = member.page.getByRole('link', { name: /关于冬季值守的通知/ })
  await row.getByText('离线可用').waitFor()
  await row.click()
  await member.page.locator('canvas').first().waitFor()
  await member.page.getByRole('link', { name: '签字' }).click()
  await drawSignature(member.page)
  await button(member.page, '签字').click()
  await member.page.getByText('，已送达').waitFor()

  await button(page, /看各支部进度/)
    .or(page.getByRole('link', { name: '看各支部进度' }))
    .click()
  await page.getByRole('row', { name: /第一支部/ }).waitFor()
  const cells = await page
    .getByRole('row', { name: /第一支部/ })
    .getByRole('cell')
    .allInnerTexts()
  expect(cells[1]).toMatch(/^1 \/ \d+\s/)

  // The sheet alone goes on paper: under the page's own title it would begin on a second one.
  await page.getByRole('link', { name: '传阅单' }).click()
  await page.getByRole('table', { name: '签阅人员' }).waitFor()
  const printed = await PDFDocument.load(await page.pdf({ format: 'A4' }))
  expect(printed.getPageCount()).toBe(1)
  await open(other, '/circulation')
  await allDelivered(other.page)
  expect(await other.page.getByText('关于冬季值守的通知').count()).toBe(0)
})

it('recalls it: the file leaves the phone at the next contact, the record stays', async () => {
  const [circulation] = (await storedFields(hall.endpoint, 'circulation')).filter(
    (c) => c.title === '关于冬季值守的通知',
  )
  const { sha256 } = (circulation!.revisions as { file: { sha256: string } }[])[0]!.file
  expect(await keysOnPhone(member.page, personIdOf('1003'), 'blobs')).toContain(sha256)

  await member.context.setOffline(true)
  const { page } = office
  await open(office, documentPath)
  await button(page, '撤回').click()
  await button(page, '撤回文件').click()
  await page.getByText('请写撤回的原因').waitFor()
  await page.getByRole('dialog').getByLabel('原因').fill('页数有误')
  await button(page, '撤回文件').click()
  await page.getByText('已从全部支部撤回，签字记录保留').waitFor()

  await member.context.setOffline(false)
  await open(member, '/circulation')
  const recalled = member.page.locator('section, div', { hasText: '已撤回' }).getByText('关于冬季值守的通知')
  await recalled.first().waitFor()
  await expect
    .poll(() => keysOnPhone(member.page, personIdOf('1003'), 'blobs'), { timeout: 10_000 })
    .not.toContain(sha256)
  const refused = await member.context.request.get(`${hall.url}/api/blobs/${sha256}`)
  expect(refused.status()).toBe(404)
  await member.page.getByText('关于冬季值守的通知').click()
  await member.page.getByText(/党建科 .*撤回。原因：页数有误。/).waitFor()
  await member.page.getByText(/签过第 1 版，记录保留/).waitFor()
  expect(await storedFields(hall.endpoint, 'sign-off')).toHaveLength(1)
})

it('says nothing in the console', () => {
  for (const phone of [office, second, member, other]) expect(phone.troubles).toEqual([])
  expect(hall.endpoint.problems).toEqual([])
})
