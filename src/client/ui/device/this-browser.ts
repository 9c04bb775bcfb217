/** Which browser this is, by its own words. Only words on a page depend on it, never what the app can do. */
export type InApp = 'wechat' | 'wecom' | 'dingtalk' | 'other'

/** Opened inside another app, in a window of that app's own; null: in a browser. */
export function inAppOf(userAgent: string): InApp | null {
  // 企业微信 also calls itself 微信.
  if (/wxwork/i.test(userAgent)) return 'wecom'
  if (/MicroMessenger/i.test(userAgent)) return 'wechat'
  if (/DingTalk/i.test(userAgent)) return 'dingtalk'
  return /\bQQ\/|Weibo|AlipayClient|Lark\//i.test(userAgent) ? 'other' : null
}

/** An iPad calls itself a Mac, but Macs have no touch. */
export const isIos = (userAgent: string, touchPoints = 0): boolean =>
  /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)

export const isInstalled = (): boolean =>
  window.matchMedia?.('(display-mode: standalone)').matches === true ||
  Reflect.get(navigator, 'standalone') === true

/** A tab of Safari on a phone: what is kept here is cleared after 7 idle days, and the home screen does not see it. */
export const hasSafariStorage = (): boolean =>
  isIos(navigator.userAgent, navigator.maxTouchPoints) && !isInstalled()
