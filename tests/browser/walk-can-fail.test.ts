/** The measure of the walk against pages with one fault each: it finds that one, and none on the page without. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SMALL, startPhones, type Phone, type Phones } from './support/phones.ts'
import { ELDER, LIGHT, NARROW, type Mode } from './support/walk/modes.ts'
import { faultsIn } from './support/walk/walk.ts'

let phones: Phones
let phone: Phone
beforeAll(async () => {
  phones = await startPhones()
  phone = await phones.open(SMALL)
})
afterAll(() => phones?.close())

const pageWith = (
  body: string,
  css = '',
) => `<!doctype html><html lang="zh-CN"><head><title>今日 · 窗口先锋</title><style>
  body { margin: 0; font-size: 20px; line-height: 1.5; color: #222; background: #fff }
  button { display: block; min-width: 60px; min-height: 60px; font-size: 20px; line-height: 1.5 }
  .foot { position: sticky; bottom: 0; background: #fff }
  ${css}</style></head><body><main id="main"><h1>今日</h1>${body}</main></body></html>`

const BODY = '<p class="note">本周的课</p><button type="button" class="button main">开始读</button>'
const TALL = '<div style="height: 2000px"></div><p>最后一行</p>'

async function faultsOf(body: string, css = '', mode: Mode = LIGHT): Promise<string> {
  await phone.page.goto('about:blank')
  await phone.page.setContent(pageWith(body, css))
  return (await faultsIn(phone.page, mode, 'everything')).join('\n')
}

it('finds nothing on a page without a fault', async () => {
  expect(await faultsOf(BODY)).toBe('')
  expect(await faultsOf(BODY, '', ELDER)).toBe('')
})

it.each([
  ['too wide', '<div style="width: 400px; height: 9px"></div>', ''],
  ['cut text', '<p style="width: 60px; overflow: hidden; white-space: nowrap">一行放不下的字</p>', ''],
  ['cut text', '<p style="height: 20px; overflow: hidden">一行<br>又一行</p>', ''],
  [
    'cut text',
    '<label>找<input class="c" placeholder="很长很长很长的一句提示文字"></label>',
    '.c { width: 80px }',
  ],
  ['under a bar', `${TALL}<div class="foot" style="position: fixed; height: 80px">底栏</div>`, ''],
  [
    'small target',
    '<button type="button" style="all: unset; font-size: 16px" aria-label="近">近</button>',
    '',
  ],
  ['faint control', '<label>题<input class="control" style="border: 1px solid #ddd"></label>', ''],
  ['line height', '<p style="line-height: 1.1">太挤</p>', ''],
  ['headings: 2 h1', '<h1>又一个</h1>', ''],
  ['headings: h1 in a text', '<div class="prose"><h1>正文里的</h1></div>', ''],
  ['headings: a bar', '<div class="nav"><div class="title" style="height: 40px"></div></div>', ''],
  ['axe color-contrast', '<p style="color: #bbb">太淡</p>', ''],
  ['axe button-name', '<button type="button"></button>', ''],
  ['English: Loading', '<p>Loading</p>', ''],
])('finds: %s', async (kind, body, css) => {
  expect(await faultsOf(body, css)).toContain(kind)
})

it('finds what is too wide at 320 px alone, and not a table that scrolls in a box of its own', async () => {
  const wide = '<div style="width: 340px; height: 9px"></div>'
  expect(await faultsOf(wide)).toBe('')
  expect(await faultsOf(wide, '', NARROW)).toContain('too wide: 20 px')
  const boxed = `<div class="scroll" style="overflow-x: auto" tabindex="0" role="region" aria-label="表">${wide}</div>`
  expect(await faultsOf(boxed, '', NARROW)).toBe('')
})

it.each([
  ['small text: 15 px of 16', '<p class="note" style="font-size: 15px">附注</p>'],
  ['small text: 17 px of 18', '<button type="button" class="button" style="font-size: 17px">提交</button>'],
  [
    '× 50 of 60',
    '<button type="button" class="button main" style="min-height: 50px; height: 50px">签字</button>',
  ],
  ['× 40 of 44', '<button type="button" style="min-height: 40px; height: 40px">更多</button>'],
])('finds in 长辈版: %s', async (kind, body) => {
  expect(await faultsOf(body, '', ELDER)).toContain(kind)
  expect(await faultsOf(body)).toBe('')
})

it('measures a look at its end, however slowly it comes, and leaves the page its movement', async () => {
  const css = '* { transition: all 5s } :root[data-elder] .note { font-size: 15px }'
  expect(await faultsOf(BODY, css)).toBe('')
  expect(await faultsOf(BODY, css, ELDER)).toContain('small text: 15 px of 16')
  const lasting = await phone.page.evaluate(
    () => getComputedStyle(document.querySelector('.note')!).transitionDuration,
  )
  expect(lasting).toBe('5s')
})
