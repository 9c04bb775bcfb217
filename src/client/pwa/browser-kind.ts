/** Which steps lead to the home screen here. Only words on a page depend on it, never what the app can do. */
export type BrowserKind =
  | 'in-app'
  | 'ios-safari'
  | 'ios-other'
  | 'harmony'
  | 'android-firefox'
  | 'android'
  | 'desktop-safari'
  | 'desktop'

export function browserKindOf(userAgent: string, touchPoints = 0): BrowserKind {
  if (/MicroMessenger|wxwork|DingTalk|QQ\/|Weibo|AlipayClient/i.test(userAgent)) return 'in-app'
  // An iPad calls itself a Mac, but Macs have no touch.
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)
  if (isIos) return /CriOS|FxiOS|EdgiOS|OPT\//.test(userAgent) ? 'ios-other' : 'ios-safari'
  if (/HarmonyOS|OpenHarmony/i.test(userAgent)) return 'harmony'
  if (/Android/.test(userAgent)) return /Firefox/.test(userAgent) ? 'android-firefox' : 'android'
  return /Macintosh.*Version\/.*Safari/.test(userAgent) ? 'desktop-safari' : 'desktop'
}

export const INSTALL_STEPS: Record<BrowserKind, readonly string[]> = {
  'in-app': [
    '点右上角的“…”',
    '选“在浏览器打开”（苹果手机选“在 Safari 中打开”）',
    '在浏览器里登录后，再回到这一页按步骤添加',
  ],
  'ios-safari': [
    '点屏幕下方（或上方）的“分享”按钮',
    '向下找到“添加到主屏幕”',
    '点“添加”，以后从主屏幕打开并登录一次',
  ],
  'ios-other': [
    '点地址栏旁的“分享”按钮',
    '选“添加到主屏幕”；没有这一项时，请换用 Safari 打开',
    '点“添加”，以后从主屏幕打开并登录一次',
  ],
  harmony: ['点浏览器右下角的菜单', '选“添加到桌面”（或“发送到桌面”）', '以后从桌面图标打开'],
  'android-firefox': ['点右上角的菜单', '选“安装”或“添加到主屏幕”', '以后从主屏幕打开'],
  android: ['点浏览器的菜单（右上角或右下角）', '选“安装应用”或“添加到主屏幕”', '以后从主屏幕打开'],
  'desktop-safari': ['点菜单“文件”', '选“添加到程序坞”', '以后从程序坞打开'],
  desktop: [
    '看地址栏右侧有没有“安装”图标',
    '没有时，点浏览器菜单里的“安装窗口先锋”或“应用”',
    '以后从桌面或开始菜单打开',
  ],
}

/** Home screen and browser have storage of their own: what waits in one is not in the other. */
export const hasSeparateStorage = (kind: BrowserKind): boolean =>
  kind === 'ios-safari' || kind === 'ios-other' || kind === 'desktop-safari'

export const isInstalled = (): boolean =>
  window.matchMedia?.('(display-mode: standalone)').matches === true ||
  Reflect.get(navigator, 'standalone') === true
