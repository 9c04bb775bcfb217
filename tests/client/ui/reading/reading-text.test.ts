// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import ReadingText from '../../../../src/client/ui/reading/ReadingText.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

it('leads to a note and back with the focus, and adds nothing to the way back', async () => {
  const page = mount(ReadingText, {
    props: { text: '窗口[^a]和台面。\n\n[^a]: 指综合窗口。' },
    attachTo: document.body,
  })
  await eventually(() => expect(page.find('sup a').exists()).toBe(true))
  const steps = history.length
  const to = page.get('sup a')
  await to.trigger('click')
  expect(document.activeElement?.id).toBe('note-1')
  await page.get('section a').trigger('click')
  expect(document.activeElement).toBe(to.element)
  expect(location.hash).toBe('')
  expect(history.length).toBe(steps)
  page.unmount()
})
