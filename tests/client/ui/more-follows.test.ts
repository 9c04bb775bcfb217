// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils'
import { expect, it } from 'vitest'
import DataTable from '../../../src/client/ui/lists/DataTable.vue'
import RosterIndex from '../../../src/client/ui/lists/RosterIndex.vue'

/** As the browser would have laid it out. */
async function lookAt(page: VueWrapper, selector: string, sizes: Record<string, number>): Promise<void> {
  const box = page.find(selector)
  for (const [name, value] of Object.entries(sizes))
    Object.defineProperty(box.element, name, { configurable: true, value })
  await box.trigger('scroll')
}

it('a table shows that more columns follow, until the last is in sight', async () => {
  const columns = [{ key: 'name', label: '支部' }]
  const page = mount(DataTable, { props: { caption: '进度', columns, rows: ['一'], rowKey: String } })
  await lookAt(page, '.scroll', { scrollWidth: 500, clientWidth: 320, scrollLeft: 0 })
  expect(page.classes()).toContain('more')
  await lookAt(page, '.scroll', { scrollLeft: 180 })
  expect(page.classes()).not.toContain('more')
  await lookAt(page, '.scroll', { scrollWidth: 320, scrollLeft: 0 })
  expect(page.classes()).not.toContain('more')
})

it('an index of initials shows that more follow, until the last is in sight', async () => {
  const page = mount(RosterIndex, { props: { initials: ['4画', '5画', '14画'] } })
  await lookAt(page, '.index', { scrollHeight: 396, clientHeight: 325, scrollTop: 0 })
  expect(page.classes()).toContain('more')
  await lookAt(page, '.index', { scrollTop: 71 })
  expect(page.classes()).not.toContain('more')
})
