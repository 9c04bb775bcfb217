// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import DeliveredNews from '../../../src/client/ui/feedback/DeliveredNews.vue'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const SIGNED = { words: '签字已送达' }
const later = async () => {
  vi.advanceTimersByTime(5000)
  await nextTick()
}

it('says that it has gone, once it has', async () => {
  const news = mount(DeliveredNews, { props: { ...SIGNED, isWaiting: true } })
  await later()
  expect(news.text()).toBe('')
  await news.setProps({ isWaiting: false })
  expect(news.text()).toBe('签字已送达')
})

it('says nothing of what had gone long before', async () => {
  const news = mount(DeliveredNews, { props: { ...SIGNED, isWaiting: false } })
  await later()
  expect(news.text()).toBe('')
})

it('says what was written just now and has gone before the page stood, into a region that was there before', async () => {
  const news = mount(DeliveredNews, { props: { ...SIGNED, isWaiting: false, isJustWritten: true } })
  expect(news.text()).toBe('')
  await later()
  expect(news.text()).toBe('签字已送达')
})

it('never says it of what waits again', async () => {
  const news = mount(DeliveredNews, { props: { ...SIGNED, isWaiting: false, isJustWritten: true } })
  await news.setProps({ isWaiting: true })
  await later()
  expect(news.text()).toBe('')
})
