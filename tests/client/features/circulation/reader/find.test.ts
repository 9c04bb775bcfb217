// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import { findIn, foldPage } from '../../../../../src/client/features/circulation/reader/pages/find-in-page.ts'
import type {
  PagedFile,
  Words,
} from '../../../../../src/client/features/circulation/reader/pages/paged-file.ts'
import {
  useFind,
  type Find,
  type Hit,
} from '../../../../../src/client/features/circulation/reader/pages/useFind.ts'

const line = (text: string, n = 0): Words => ({
  text,
  endsLine: true,
  box: { left: 0.1, top: n / 10, width: 0.8, height: 0.05 },
})
const hitsOf = (words: Words[], sought: string) => findIn(foldPage(words), sought)

describe('words on a page', () => {
  it('are marked where they stand, a Latin letter half as wide as a Chinese one', () => {
    const [hit] = hitsOf([line('值班AB表')], '班AB')
    expect(hit).toHaveLength(1)
    expect(hit![0]!.left).toBeCloseTo(0.1 + 0.8 * (1 / 4))
    expect(hit![0]!.width).toBeCloseTo(0.8 * (2 / 4))
  })

  it('over the end of a line are one hit with two boxes', () => {
    const hits = hitsOf([line('窗口延时', 1), line('服务的通知', 2)], '延时服务')
    expect(hits).toHaveLength(1)
    expect(hits[0]!.map(({ top }) => top)).toEqual([0.1, 0.2])
  })

  it.each([
    ['spread over the line', '关 于 印 发', '关于印发', 1],
    ['in other case and width', 'Ａbc（１）', 'ABC(1)', 1],
    ['twice', '值班值班', '值班', 2],
    ['not overlapping', '人人人', '人人', 1],
    ['as a sign of two units', '示例𠮷字', '𠮷字', 1],
    ['nothing asked', '值班', '  ', 0],
    ['absent', '值班', '请假', 0],
  ])('%s', (_, text, sought, count) => expect(hitsOf([line(text)], sought)).toHaveLength(count))
})

describe('the search through a file', () => {
  let find: Find
  let scope: EffectScope
  const shown: Hit[] = []
  const read: number[] = []

  function begin(texts: string[], from = 1): void {
    const file: PagedFile = {
      pages: texts.length,
      page: async (number) => ({
        width: 1,
        height: 1,
        draw: () => ({ promise: Promise.resolve([]), cancel: () => undefined }),
        words: async () => {
          read.push(number)
          if (texts[number - 1] === 'damaged') throw new Error('damaged')
          return texts[number - 1] === '' ? [] : [line(texts[number - 1]!)]
        },
        free: () => undefined,
      }),
      close: async () => undefined,
    }
    scope = effectScope()
    find = scope.run(() =>
      useFind(
        () => file,
        () => from,
        (hit) => shown.push(hit),
      ),
    )!
  }
  const search = async (words: string) => {
    find.sought.value = words
    await vi.advanceTimersByTimeAsync(500)
  }
  beforeEach(() => {
    vi.useFakeTimers()
    shown.length = read.length = 0
  })
  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('shows the first hit from the page in sight on, and goes round', async () => {
    begin(['值班', '', '值班表', '别的', '值班'], 2)
    await search('值班')
    expect(find.hits.value.map(({ page }) => page)).toEqual([1, 3, 5])
    expect(find.current.value).toBe(1)
    find.step(1)
    find.step(1)
    expect(shown.map(({ page }) => page)).toEqual([3, 5, 1])
    find.step(-1)
    expect(shown.at(-1)?.page).toBe(5)
    expect(find.pictures.value).toBe(1)
  })

  it('all of it before the page in sight: the first is shown', async () => {
    begin(['值班', '别的'], 2)
    await search('值班')
    expect(find.current.value).toBe(0)
    expect(shown[0]?.page).toBe(1)
  })

  it('reads each page once, whatever is sought after', async () => {
    begin(['甲', '乙'])
    await search('甲')
    await search('乙')
    expect(read).toEqual([1, 2])
    await search('')
    expect(find.hits.value).toEqual([])
  })

  it('a page that cannot be read does not end it; a scan has pictures only', async () => {
    begin(['damaged', '值班'])
    await search('值班')
    expect(find.hits.value).toHaveLength(1)
    scope.stop()
    begin(['', ''])
    await search('值班')
    expect(find.pictures.value).toBe(2)
    expect(find.isSearching.value).toBe(false)
  })
})
