/** What a device could not show of the files that were signed on it, in words: for who signs, for the sheet and for the check. */
import { placeInWords } from '../document/file-place.ts'
import type { SignOff, UnshownPart } from './sign-off.ts'

/** More of them are counted and not named. */
const MOST_PAGES = 10

const pagesInWords = (pages: readonly number[]): string =>
  `第 ${pages.slice(0, MOST_PAGES).join('、')} 页${pages.length > MOST_PAGES ? `等 ${pages.length} 页` : ''}`

/** 正文第 3、5 页：1 处太大或已损坏的图片. A line for each file and each thing that is missing. */
export function unshownLines(parts: readonly UnshownPart[]): string[] {
  const groups = new Map<string, UnshownPart[]>()
  for (const part of parts) {
    const key = [part.file, part.page === 0, part.what].join()
    groups.set(key, [...(groups.get(key) ?? []), part])
  }
  return [...groups.values()].map((group) => {
    const [{ file, page, what }] = group as [UnshownPart]
    const place = `${placeInWords(file)}${file === 0 ? '' : ' '}`
    return `${page === 0 ? placeInWords(file) : place + pagesInWords(group.map((part) => part.page))}：${what}`
  })
}

/** As the signer declared it; empty where everything was shown. */
export function seenElsewhereInWords({ seenElsewhere = [] }: Pick<SignOff, 'seenElsewhere'>): string {
  if (seenElsewhere.length === 0) return ''
  const lines = unshownLines(seenElsewhere).join('；')
  return `签字的设备没有显示完整（${lines}），签字人声明已另行看过原件`
}
