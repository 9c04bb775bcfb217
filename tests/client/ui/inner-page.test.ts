// @vitest-environment happy-dom
/** One path, two pages: what is opened begins at its top, and the list is found where it was left. */
import { mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { useInnerPage } from '../../../src/client/ui/page/inner-page.ts'

afterEach(() => vi.restoreAllMocks())

it('goes to the top when one is opened or changed, and not on the way back', async () => {
  const scrollTo = vi.spyOn(window, 'scrollTo').mockImplementation(() => undefined)
  const inner = ref('')
  const Page = defineComponent({
    setup() {
      useInnerPage(inner)
      return () => h('h1', { tabindex: -1 }, inner.value || '各支部')
    },
  })
  mount(Page, { attachTo: document.body })
  const open = async (id: string) => {
    inner.value = id
    await nextTick()
    await nextTick()
  }
  expect(scrollTo).not.toHaveBeenCalled()
  await open('one')
  await open('another')
  expect(scrollTo.mock.calls).toEqual([[{ top: 0 }], [{ top: 0 }]])
  await open('')
  expect(scrollTo).toHaveBeenCalledTimes(2)
})
