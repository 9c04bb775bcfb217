// @vitest-environment happy-dom
/** Where the keyboard, the focus and a screen reader are while a sheet is open, and after it. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { h, ref } from 'vue'
import SheetDialog from '../../../src/client/ui/sheet/SheetDialog.vue'

const shown = { first: ref(false), second: ref(false) }
let page: VueWrapper
let opener: HTMLButtonElement
const app = () => document.querySelector('#app')!
const sheetNamed = (title: string) =>
  [...document.querySelectorAll<HTMLElement>('[aria-modal]')].find((sheet) =>
    sheet.textContent?.includes(title),
  )!
const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  document.activeElement!.dispatchEvent(event)
  return event
}

beforeEach(async () => {
  document.body.innerHTML =
    '<div id="app"><main id="main"><h1>传阅</h1><p><button>签字</button></p></main><div id="here"></div></div>'
  opener = document.querySelector('button')!
  shown.first.value = shown.second.value = false
  const sheet = (title: string, show: { value: boolean }) =>
    h(
      SheetDialog,
      { title, show: show.value, 'onUpdate:show': (to: boolean | undefined) => (show.value = to === true) },
      { default: () => [h('button', '第一个'), h('button', '最后一个')] },
    )
  page = mount(() => [sheet('一', shown.first), sheet('二', shown.second)], { attachTo: '#here' })
  opener.focus()
  shown.first.value = true
  await flushPromises()
  // happy-dom lays nothing out.
  for (const button of document.querySelectorAll('button'))
    button.getClientRects = () => [new DOMRect(0, 0, 1, 1)] as unknown as DOMRectList
})
afterEach(() => {
  page.unmount()
  document.dispatchEvent(new Event('pointerdown'))
})

describe('the keyboard', () => {
  it('reaches a sheet whose focused button has vanished', async () => {
    sheetNamed('一').querySelector('button')!.focus()
    document.body.focus()
    ;(document.activeElement as HTMLElement).blur()
    expect(document.activeElement).toBe(document.body)
    expect(press('Tab').defaultPrevented).toBe(true)
    expect(document.activeElement?.getAttribute('aria-label')).toBe('关闭')
    ;(document.activeElement as HTMLElement).blur()
    press('Tab', { shiftKey: true })
    expect(document.activeElement?.textContent).toBe('最后一个')
    ;(document.activeElement as HTMLElement).blur()
    press('Escape')
    expect(shown.first.value).toBe(false)
  })
  it('closes the sheet on top only', async () => {
    shown.second.value = true
    await flushPromises()
    press('Escape')
    await flushPromises()
    expect([shown.first.value, shown.second.value]).toEqual([true, false])
    press('Escape')
    expect(shown.first.value).toBe(false)
  })
  it('is no business of the sheet while a word is being composed', () => {
    press('Escape', { isComposing: true })
    expect(shown.first.value).toBe(true)
  })
})

describe('what lies behind', () => {
  it('is out of reach until the last sheet has gone', async () => {
    expect(app().hasAttribute('inert')).toBe(true)
    shown.second.value = true
    await flushPromises()
    expect(sheetNamed('一').hasAttribute('inert')).toBe(true)
    expect(sheetNamed('二').hasAttribute('inert')).toBe(false)
    shown.second.value = false
    await flushPromises()
    expect(app().hasAttribute('inert')).toBe(true)
    expect(sheetNamed('一').hasAttribute('inert')).toBe(false)
    shown.first.value = false
    await flushPromises()
    expect(app().hasAttribute('inert')).toBe(false)
    expect(document.activeElement).toBe(opener)
  })
  it('is in reach again when the page of an open sheet is left', () => {
    page.unmount()
    expect(app().hasAttribute('inert')).toBe(false)
  })
})

describe('after the sheet', () => {
  const close = async () => {
    shown.first.value = false
    await flushPromises()
  }
  it('an opener that has gone leaves the focus to the heading', async () => {
    opener.remove()
    await close()
    expect(document.activeElement?.tagName).toBe('H1')
  })
  it('or to the page, when that has none', async () => {
    opener.remove()
    document.querySelector('h1')!.remove()
    await close()
    expect(document.activeElement?.id).toBe('main')
  })
  it('so does one that goes a moment later', async () => {
    await close()
    expect(document.activeElement).toBe(opener)
    opener.parentElement!.remove()
    await flushPromises()
    expect(document.activeElement?.tagName).toBe('H1')
  })
  it('a reader who came without focus keeps the place', async () => {
    await close()
    opener.blur()
    shown.first.value = true
    await flushPromises()
    await close()
    expect(document.activeElement?.tagName).not.toBe('H1')
  })
})
