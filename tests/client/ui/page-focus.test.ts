// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import { createMemoryHistory, RouterView, type Router } from 'vue-router'
import { createAppRouter } from '../../../src/client/router.ts'
import PageShell from '../../../src/client/ui/layout/PageShell.vue'
import { followHeading } from '../../../src/client/ui/page/page-focus.ts'

const heading = ref('')
const isRead = ref(true)
let router: Router

const open = async (path: string) => {
  await router.push(path)
  await flushPromises()
}
const focused = () => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`

describe('the focus of a new page', () => {
  beforeEach(async () => {
    heading.value = ''
    isRead.value = true
    router = createAppRouter({ state: 'signed-in', locked: false }, createMemoryHistory())
    router.addRoute({
      path: '/from-here',
      component: { template: '<main id="main"><button>去</button></main>' },
    })
    router.addRoute({
      path: '/a-row',
      meta: { title: '每周一课' },
      component: {
        components: { PageShell },
        setup: () => ({ heading, isRead }),
        template: '<PageShell v-if="isRead" title="每周一课" :heading="heading" />',
      },
    })
    await router.push('/from-here')
    mount(
      { components: { RouterView }, template: '<RouterView />' },
      { global: { plugins: [router] }, attachTo: document.body },
    )
    await flushPromises()
    document.querySelector('button')?.focus()
  })
  afterEach(() => {
    document.dispatchEvent(new Event('pointerdown'))
    document.body.innerHTML = ''
  })

  it('is on its heading, also when the row brings another one', async () => {
    await open('/a-row')
    expect(focused()).toBe('H1 每周一课')
    heading.value = '窗口前的分寸'
    await flushPromises()
    expect(focused()).toBe('H1 窗口前的分寸')
  })

  it('waits for a heading that is not there yet', async () => {
    isRead.value = false
    await open('/a-row')
    expect(document.activeElement).toBe(document.body)
    isRead.value = true
    await flushPromises()
    expect(focused()).toBe('H1 每周一课')
  })

  it('leaves the tab that led to the page', async () => {
    document.body.insertAdjacentHTML('beforeend', '<a href="/a-row">学习</a>')
    document.querySelector('a')!.focus()
    isRead.value = false
    await open('/a-row')
    expect(focused()).toBe('A 学习')
    isRead.value = true
    await flushPromises()
    expect(focused()).toBe('H1 每周一课')
  })

  it('is left alone from the first press', async () => {
    await open('/a-row')
    document.dispatchEvent(new Event('keydown'))
    heading.value = '窗口前的分寸'
    await flushPromises()
    expect(document.activeElement).toBe(document.body)
  })

  it('stays where the page has put it', async () => {
    document.body.insertAdjacentHTML('beforeend', '<div class="shell"><h1>题</h1></div><input />')
    const input = document.querySelector('input')!
    input.focus()
    followHeading()
    document.body.append(document.createElement('p'))
    await nextTick()
    expect(document.activeElement).toBe(input)
  })

  it('heading and title also name the document, and keeps doing so on the same page', async () => {
    await open('/a-row')
    expect(document.title).toBe('每周一课 · 窗口先锋')
    heading.value = '窗口前的分寸'
    await flushPromises()
    expect(document.title).toBe('窗口前的分寸 · 每周一课 · 窗口先锋')
    await open('/a-row?page=2')
    expect(document.title).toBe('窗口前的分寸 · 每周一课 · 窗口先锋')
  })
})
