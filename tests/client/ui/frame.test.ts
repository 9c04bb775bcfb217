// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import AppFrame from '../../../src/client/ui/layout/AppFrame.vue'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

const open = (isWide: boolean) => {
  vi.stubGlobal('matchMedia', (media: string) => Object.assign(new EventTarget(), { media, matches: isWide }))
  return mount(AppFrame, {
    slots: { default: '<main id="main" tabindex="-1">正文</main>', tabs: '<nav>今日</nav>' },
    attachTo: document.body,
  })
}

describe('the frame', () => {
  it.each([
    ['the rail of a desk comes before the page', true, ['NAV', 'MAIN']],
    ['the tabs of a phone come after the page', false, ['MAIN', 'NAV']],
  ])('%s', async (_, isWide, order) => {
    const frame = open(isWide)
    await nextTick()
    expect(frame.findAll('nav, main').map((part) => part.element.tagName)).toEqual(order)
  })
  it('leads past the rail without another place in the history', async () => {
    const frame = open(true)
    const press = new MouseEvent('click', { bubbles: true, cancelable: true })
    frame.get('a[href="#main"]').element.dispatchEvent(press)
    expect(press.defaultPrevented).toBe(true)
    expect(document.activeElement?.id).toBe('main')
  })
})
