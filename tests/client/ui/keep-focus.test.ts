// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { keepFocus } from '../../../src/client/ui/page/keep-focus.ts'

let stop: () => void
const find = (selector: string) => document.querySelector<HTMLElement>(selector)!
const focused = () => (document.activeElement as HTMLElement).textContent

/** The focus stands on it, and it was reached by a key. */
const standOn = (selector: string): HTMLElement => {
  find(selector).focus()
  document.dispatchEvent(new Event('keydown'))
  return find(selector)
}

beforeEach(() => {
  document.body.innerHTML = `
    <div class="shell">
      <main id="main"><h1>自评</h1>
        <ul><li><button id="first">撤销一</button></li><li><button id="second">撤销二</button></li></ul>
        <section class="none"><button id="only">现在下载</button></section>
      </main>
      <div class="foot"><button id="index">目录</button><button id="submit">提交</button></div>
    </div>`
  stop = keepFocus()
})
afterEach(() => {
  stop()
  document.dispatchEvent(new Event('pointerdown'))
  document.body.innerHTML = ''
})

it('goes to what takes the place of the control', async () => {
  standOn('#submit').outerHTML = '<a href="/assessment">完成</a>'
  await nextTick()
  expect(focused()).toBe('完成')
})

it('goes to the neighbour in the same part', async () => {
  standOn('#submit').remove()
  await nextTick()
  expect(focused()).toBe('目录')
})

it('leaves a control that its own act has disabled', async () => {
  standOn('#index').setAttribute('disabled', '')
  await nextTick()
  expect(focused()).toBe('提交')
})

it('goes to the heading where nothing is left to press', async () => {
  standOn('#only').remove()
  await nextTick()
  expect(focused()).toBe('自评')
})

it('never goes into a field, which would open a phone’s keyboard', async () => {
  find('.none').insertAdjacentHTML('afterbegin', '<input>')
  standOn('#only').remove()
  await nextTick()
  expect(focused()).toBe('自评')
})

it('goes from the heading of bones to the heading that comes, not to what stands beside it', async () => {
  find('#main').insertAdjacentHTML(
    'beforebegin',
    '<header class="nav"><button>返回</button><h1>每周一课</h1></header>',
  )
  find('h1').tabIndex = -1
  standOn('h1').remove()
  find('#main h1').remove()
  await nextTick()
  expect(document.activeElement).toBe(document.body)
  find('#main').insertAdjacentHTML('afterbegin', '<h1>一袋橘子</h1>')
  await nextTick()
  expect(focused()).toBe('一袋橘子')
})

it('does nothing when the page goes, nor when somebody has taken the focus', async () => {
  standOn('#submit')
  find('.shell').remove()
  await nextTick()
  expect(document.activeElement).toBe(document.body)

  document.body.innerHTML =
    '<div class="shell"><h1>题</h1><div class="foot"><button id="one">一</button><button id="two">二</button></div></div>'
  standOn('#one')
  find('#two').focus()
  find('#one').remove()
  await nextTick()
  expect(focused()).toBe('二')
})
