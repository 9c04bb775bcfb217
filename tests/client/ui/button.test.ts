// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import BaseButton from '../../../src/client/ui/forms/BaseButton.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

describe('a button at work', () => {
  const open = (props: Record<string, unknown>) => {
    const press = vi.fn()
    const submit = vi.fn((event: Event) => event.preventDefault())
    const page = mount(
      {
        components: { BaseButton },
        props: ['loading', 'disabled'],
        setup: () => ({ press, submit }),
        template: `<form @submit="submit"><input /><BaseButton type="submit" :loading="loading" :disabled="disabled" @click="press">保存</BaseButton></form>`,
      },
      { props, attachTo: document.body },
    )
    return { page, press, submit, button: page.get<HTMLButtonElement>('button') }
  }

  it('keeps the focus and says that it is busy', async () => {
    const { page, button } = open({ loading: false })
    button.element.focus()
    await page.setProps({ loading: true, disabled: true })
    expect(button.attributes()).toMatchObject({ 'aria-disabled': 'true', 'aria-busy': 'true' })
    expect(button.attributes('disabled')).toBeUndefined()
    expect(document.activeElement).toBe(button.element)
    await page.setProps({ loading: false })
    expect(button.attributes('disabled')).toBeDefined()
    expect(button.attributes('aria-disabled')).toBeUndefined()
  })

  it('does nothing at a second press, and sends no form', async () => {
    const { page, press, submit, button } = open({ loading: false })
    button.element.click()
    expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([1, 1])
    await page.setProps({ loading: true })
    button.element.click()
    expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([1, 1])
    await page.setProps({ loading: false })
    button.element.click()
    expect([press.mock.calls.length, submit.mock.calls.length]).toEqual([2, 2])
  })
})
