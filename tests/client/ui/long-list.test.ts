// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import LongList from '../../../src/client/ui/lists/LongList.vue'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `p${n}`, name: `第 ${n} 人` }))
type Person = ReturnType<typeof people>[number]

const show = (rows: readonly Person[], later = false) =>
  mount(LongList<Person>, {
    props: { rows, later, rowKey: (row: Person) => row.id },
    slots: {
      default: ({ row, index }: { row: Person; index: number }) =>
        h('div', { role: 'listitem', 'data-at': index }, row.name),
    },
  })
const items = (list: ReturnType<typeof show>) => list.findAll('[role="listitem"]').map((item) => item.text())

it('has the first rows at once and all of them soon, in order, in one list', async () => {
  const list = show(people(300))
  const names = people(300).map((row) => row.name)
  expect(items(list)).toEqual(names.slice(0, 12))
  await vi.advanceTimersByTimeAsync(1000)
  expect(items(list)).toEqual(names)
  expect(list.findAll('[role="list"]')).toHaveLength(1)
  expect(list.find('[data-at="299"]').text()).toBe('第 299 人')
})

it('makes no row of a later list before what stands above it is on the screen', async () => {
  const list = show(people(20), true)
  expect(items(list)).toEqual([])
  await vi.advanceTimersByTimeAsync(1000)
  expect(items(list)).toHaveLength(20)
})

it('keeps the place of what is not made yet, and makes it before one goes there', async () => {
  const list = show(people(1000))
  const blocks = list.findAll<HTMLElement>('[role="presentation"]')
  expect(blocks).toHaveLength(21)
  expect((blocks[19]!.element.firstElementChild as HTMLElement).style.height).toBe(`${50 * 64}px`)
  const { reveal } = list.vm as unknown as { reveal(at: number): Promise<void> }
  for (const at of [11, 12, 61, 62, 420, 999]) {
    await reveal(at)
    expect(list.find(`[data-at="${at}"]`).exists()).toBe(true)
  }
})

it('makes all of it for paper', async () => {
  const list = show(people(500))
  window.dispatchEvent(new Event('beforeprint'))
  await Promise.resolve()
  expect(items(list)).toHaveLength(500)
})

it('keeps the elements of all other rows when one row changes', async () => {
  const list = show(people(120))
  await vi.advanceTimersByTimeAsync(1000)
  const last = list.find('[data-at="119"]').element
  const changed = people(120)
  changed[0] = { id: 'p0', name: '改了' }
  await list.setProps({ rows: changed })
  expect(items(list)[0]).toBe('改了')
  expect(list.find('[data-at="119"]').element).toBe(last)
})

it('follows a search to fewer rows and back', async () => {
  const list = show(people(120))
  await vi.advanceTimersByTimeAsync(1000)
  await list.setProps({ rows: people(120).filter((row) => row.name.includes('11')) })
  expect(items(list)).toEqual(people(120).flatMap(({ name }) => (name.includes('11') ? [name] : [])))
  await list.setProps({ rows: people(120) })
  await vi.advanceTimersByTimeAsync(1000)
  expect(items(list)).toHaveLength(120)
})
