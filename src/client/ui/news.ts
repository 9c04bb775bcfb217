/**
 * What is new, for the people who use it: a few short lines for each version, newest first. Shown once after an update and
 * listed under 关于. What only programmers notice belongs into CHANGELOG.md alone.
 */
export interface NewsEntry {
  /** As in package.json. */
  version: string
  lines: readonly string[]
}

export const NEWS: readonly NewsEntry[] = [
  {
    version: '0.1.0',
    lines: [
      '每周一课、口袋书、文件传阅、会议与考勤、自评，没有网络也能用',
      '我的 · 离线保存：把书和文件先存到本机，断开后自己接着存',
      '添加到主屏幕后，图标上可以显示待办的数目',
    ],
  },
]

/** On this device, whoever uses it: the version whose news was seen last. */
const SEEN = 'wh-news-seen'

/** By their three numbers: a collator for it costs an old phone a third of a second. */
function isOrdered(older: string, newer: string): boolean {
  const [a, b] = [older, newer].map((version) => version.split('.').map(Number))
  const at = b!.findIndex((part, n) => part !== (a![n] ?? 0))
  return at >= 0 && (a![at] ?? 0) < b![at]!
}

/**
 * What came since it was looked at last; null on a first visit, where everything is new and nothing is news.
 * Private windows keep nothing: no news there either.
 */
export function unseenNews(
  storage: Storage = localStorage,
  news: readonly NewsEntry[] = NEWS,
): NewsEntry | null {
  const newest = news[0]
  if (newest === undefined) return null
  try {
    const seen = storage.getItem(SEEN)
    if (seen !== null) return isOrdered(seen, newest.version) ? newest : null
    markNewsSeen(storage, news)
  } catch {
    return null
  }
  return null
}

export function markNewsSeen(storage: Storage = localStorage, news: readonly NewsEntry[] = NEWS): void {
  try {
    storage.setItem(SEEN, news[0]?.version ?? '')
  } catch {
    // Told again at the next start, at worst.
  }
}
