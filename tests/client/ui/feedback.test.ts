// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import ConfirmHost from '../../../src/client/ui/feedback/ConfirmHost.vue'
import EmptyState from '../../../src/client/ui/feedback/EmptyState.vue'
import ErrorNote from '../../../src/client/ui/feedback/ErrorNote.vue'
import LoadingState from '../../../src/client/ui/feedback/LoadingState.vue'
import SheetDialog from '../../../src/client/ui/sheet/SheetDialog.vue'
import ToastHost from '../../../src/client/ui/feedback/ToastHost.vue'
import { createConfirmQueue, useConfirm } from '../../../src/client/ui/feedback/confirm.ts'
import { createToastList, useToast } from '../../../src/client/ui/feedback/toast.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

it('an empty state keeps what stands between two marks of punctuation in one piece', () => {
  const page = mount(EmptyState, {
    props: {
      icon: 'book',
      what: '书架上还没有书',
      who: '工作台给党建科、系统管理员用。',
      meanwhile: '到了以后可以存，没有网络也能看。',
    },
  })
  expect(page.findAll('.clause').map((clause) => clause.text())).toEqual([
    '工作台给党建科、',
    '系统管理员用。',
    '到了以后可以存，',
    '没有网络也能看。',
  ])
  expect(page.findAll('p').length).toBe(3)
})

describe('confirm', () => {
  it('answers questions one after another, each once', async () => {
    const queue = createConfirmQueue()
    const first = queue.ask({ title: '一' })
    const second = queue.ask({ title: '二' })
    expect(queue.current.value?.title).toBe('一')
    queue.answer(true)
    expect(queue.current.value?.title).toBe('二')
    queue.answer(false)
    queue.answer(true)
    expect(await Promise.all([first, second])).toEqual([true, false])
    expect(queue.current.value).toBeUndefined()
  })

  const openApp = () => {
    let ask!: ReturnType<typeof useConfirm>
    const Caller = defineComponent({
      setup: () => {
        ask = useConfirm()
        return () => h('p')
      },
    })
    const app = mount({ render: () => [h(Caller), h(ConfirmHost)] }, { attachTo: document.body })
    return { app, ask: (title: string, text?: string) => ask({ title, text, yes: '撤回文件', no: '不撤回' }) }
  }
  const buttonSaying = (words: string) =>
    [...document.body.querySelectorAll('button')].find((button) => button.textContent?.trim() === words)

  it('resolves to true when the act is chosen', async () => {
    const { app, ask } = openApp()
    const answer = ask('撤回这份文件？')
    await flushPromises()
    expect(document.body.querySelector('[role=alertdialog] h2')?.textContent).toBe('撤回这份文件？')
    buttonSaying('撤回文件')?.click()
    expect(await answer).toBe(true)
    app.unmount()
  })
  it('is read out with its text', async () => {
    const { app, ask } = openApp()
    void ask('撤回这份文件？', '已签的记录保留。')
    await flushPromises()
    const question = document.body.querySelector('[role=alertdialog]')
    const saying = question?.getAttribute('aria-describedby')
    expect(document.querySelector(`[id="${saying}"]`)?.textContent).toBe('已签的记录保留。')
    app.unmount()
  })
  it('takes no touch for a moment, of each question anew, and always a key', async () => {
    vi.useFakeTimers()
    const { app, ask } = openApp()
    const takesTouch = () => document.querySelectorAll('.actions .button:not(.fresh)').length === 2
    void ask('一')
    await flushPromises()
    expect(takesTouch()).toBe(false)
    await vi.advanceTimersByTimeAsync(700)
    expect(takesTouch()).toBe(true)
    const second = ask('二')
    const yes = () => [...document.querySelectorAll<HTMLElement>('.actions .button')].at(-1)!
    yes().click()
    await flushPromises()
    expect(takesTouch()).toBe(false)
    yes().click()
    expect(await second).toBe(true)
    app.unmount()
    vi.useRealTimers()
  })
  it('resolves to false on Escape', async () => {
    const { app, ask } = openApp()
    const answer = ask('撤回这份文件？')
    await flushPromises()
    const dialog = document.body.querySelector('[aria-modal]')
    dialog?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(await answer).toBe(false)
    app.unmount()
  })
})

describe('SheetDialog', () => {
  it('takes the focus and gives it back', async () => {
    const opener = document.createElement('button')
    document.body.append(opener)
    opener.focus()
    const sheet = mount(SheetDialog, { props: { title: '请假种类', show: true }, attachTo: document.body })
    await flushPromises()
    expect(document.activeElement?.getAttribute('role')).toBe('dialog')
    await sheet.setProps({ show: false })
    await flushPromises()
    expect(document.activeElement).toBe(opener)
    sheet.unmount()
  })
  it('stays when it is held, whatever key is pressed', async () => {
    const sheet = mount(SheetDialog, {
      props: { title: '心得', show: true, held: true },
      attachTo: document.body,
    })
    await flushPromises()
    document.body
      .querySelector('[aria-modal]')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    expect(sheet.emitted('update:show')).toBeUndefined()
    sheet.unmount()
  })
})

it('an urgent note is an alert in every tone', async () => {
  const note = mount(ErrorNote, { props: { title: '没有发出', tone: 'notice' } })
  expect(note.attributes('role')).toBe('status')
  await note.setProps({ urgent: true })
  expect(note.attributes('role')).toBe('alert')
})

it('what answers a press comes into sight, what only stands there moves nothing', () => {
  const scrolled = vi.spyOn(Element.prototype, 'scrollIntoView').mockReturnValue()
  mount(ErrorNote, { props: { title: '登录已过期' } })
  expect(scrolled).not.toHaveBeenCalled()
  const note = mount(ErrorNote, { props: { title: '没有发出', urgent: true } })
  expect(scrolled.mock.contexts).toEqual([note.element])
  expect(scrolled).toHaveBeenCalledWith({ block: 'nearest' })
  scrolled.mockRestore()
})

describe('what goes with time', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('shows no wait before 400 ms', async () => {
    const loading = mount(LoadingState, { props: { label: '正在打开' } })
    await vi.advanceTimersByTimeAsync(399)
    expect(loading.text()).toBe('')
    await vi.advanceTimersByTimeAsync(1)
    expect(loading.text()).toBe('正在打开')
  })
  it('takes a toast away by itself, later when it offers an act', () => {
    const list = createToastList()
    list.show('已存本机')
    list.show('27 条已存本机', { label: '撤销', run: () => undefined })
    vi.advanceTimersByTime(4000)
    expect(list.toasts.value.map((toast) => toast.text)).toEqual(['27 条已存本机'])
    vi.advanceTimersByTime(4000)
    expect(list.toasts.value).toEqual([])
  })
  const shown = () => {
    let list!: ReturnType<typeof useToast>
    const Caller = defineComponent({
      setup: () => {
        list = useToast()
        return () => h('p')
      },
    })
    return { app: mount({ render: () => [h(Caller), h(ToastHost)] }), list }
  }
  it('keeps a toast while it has the focus or a finger, then for its whole time', async () => {
    const { app, list } = shown()
    list.show('已存本机')
    const host = app.get('[role=status]')
    for (const [hold, release] of [
      ['focusin', 'focusout'],
      ['pointerenter', 'pointerleave'],
    ] as const) {
      await vi.advanceTimersByTimeAsync(3000)
      await host.trigger(hold)
      list.show('27 条已存本机', { label: '撤销', run: () => undefined })
      await vi.advanceTimersByTimeAsync(60_000)
      expect(list.toasts.value).toHaveLength(2)
      await host.trigger(release)
      list.dismiss(list.toasts.value.at(-1)!.id)
      await vi.advanceTimersByTimeAsync(900)
    }
    await vi.advanceTimersByTimeAsync(3099)
    expect(list.toasts.value).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(list.toasts.value).toEqual([])
  })
  it('does not keep the others when the toast that had the focus is used', async () => {
    const { app, list } = shown()
    list.show('已存本机')
    list.show('27 条已存本机', { label: '撤销', run: () => undefined })
    await vi.advanceTimersByTimeAsync(0)
    await app.get('[role=status]').trigger('focusin')
    await app.get('button').trigger('click')
    await vi.advanceTimersByTimeAsync(4000)
    expect(list.toasts.value).toEqual([])
  })
  it('holds no more than two toasts', () => {
    const list = createToastList()
    for (const text of ['一', '二', '三']) list.show(text)
    expect(list.toasts.value.map((toast) => toast.text)).toEqual(['二', '三'])
  })
})
