// @vitest-environment happy-dom
/** Opening the app brings the routes of the first screen alone; the others come with the first way to one of them. */
import { afterEach, expect, it, vi } from 'vitest'
import { createMemoryHistory } from 'vue-router'
import { completeRoutes, createAppRouter } from '../../../src/client/router.ts'

afterEach(() => void vi.restoreAllMocks())

const open = () => createAppRouter({ state: 'signed-in', locked: false }, createMemoryHistory())
const screenIs = (wide: boolean) =>
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: wide } as MediaQueryList)

it('今日 needs none of them', async () => {
  screenIs(false)
  const router = open()
  await router.push('/')
  expect(router.currentRoute.value.path).toBe('/today')
  expect(router.getRoutes().map(({ path }) => path)).not.toContain('/circulation')
})

it('a way to any other page brings them all, and leads there with everything that it names', async () => {
  screenIs(false)
  const router = open()
  await router.push('/circulation/c1/progress?from=today#below')
  expect(router.currentRoute.value).toMatchObject({
    path: '/circulation/c1/progress',
    query: { from: 'today' },
    hash: '#below',
    meta: { title: '签阅情况' },
  })
})

it('what no route knows is told as not found', async () => {
  screenIs(false)
  const router = open()
  await router.push('/no/such/page')
  expect(router.currentRoute.value.meta.title).toBe('没有这个页面')
})

it('a wide screen, whose rail lists pages, has them from the beginning', async () => {
  screenIs(true)
  const router = open()
  await router.push('/today')
  expect(router.getRoutes().map(({ path }) => path)).toContain('/desk/documents')
})

it('brings them once, whoever asks', async () => {
  const router = open()
  const came = await Promise.all([completeRoutes(router), completeRoutes(router)])
  expect(came.filter(Boolean)).toHaveLength(1)
  expect(await completeRoutes(router)).toBe(false)
})
