/** Which steps lead to the home screen here. Only words on a page depend on it, never what the app can do. */
import { inAppOf, isIos } from '../ui/device/this-browser.ts'

export type BrowserKind =
  | 'in-app'
  | 'ios-safari'
  | 'ios-other'
  | 'huawei'
  | 'samsung'
  | 'android-firefox'
  | 'android-chrome'
  | 'android-other'
  | 'desktop-safari'
  | 'desktop'

function androidKindOf(userAgent: string): BrowserKind {
  if (/SamsungBrowser/.test(userAgent)) return 'samsung'
  if (/Firefox/.test(userAgent)) return 'android-firefox'
  const ofMaker =
    /MiuiBrowser|HeyTapBrowser|VivoBrowser|UCBrowser|Quark|MQQBrowser|baidu|360browser|Version\/4\.0/i
  return ofMaker.test(userAgent) ? 'android-other' : 'android-chrome'
}

export function browserKindOf(userAgent: string, touchPoints = 0): BrowserKind {
  if (inAppOf(userAgent) !== null) return 'in-app'
  if (isIos(userAgent, touchPoints))
    return /CriOS|FxiOS|EdgiOS|OPT\/|MQQBrowser|UCBrowser|Quark|baidu/i.test(userAgent)
      ? 'ios-other'
      : 'ios-safari'
  if (/HuaweiBrowser|HarmonyOS|OpenHarmony/i.test(userAgent)) return 'huawei'
  if (/Android/.test(userAgent)) return androidKindOf(userAgent)
  return /Macintosh.*Version\/.*Safari/.test(userAgent) ? 'desktop-safari' : 'desktop'
}

const SIGN_IN_THERE = '以后从主屏幕打开，在里面登录一次'

export const INSTALL_STEPS: Record<BrowserKind, readonly string[]> = {
  'in-app': [
    '点右上角的“…”',
    '选“在浏览器打开”（苹果手机也可能写作“在默认浏览器中打开”或“在 Safari 中打开”）',
    '在浏览器里打开这一页，再按那里的步骤添加',
  ],
  'ios-safari': [
    '点屏幕下方（或上方）的“分享”按钮；没有看到时，先点“…”',
    '向下找到“添加到主屏幕”，再点“添加”',
    SIGN_IN_THERE,
  ],
  'ios-other': [
    '点地址栏旁的“分享”按钮',
    '选“添加到主屏幕”，再点“添加”；没有这一项时，请换用 Safari 打开',
    SIGN_IN_THERE,
  ],
  huawei: [
    '点浏览器右下角的菜单（四个点）',
    '选“添加到桌面”（有的版本写作“发送到桌面”）',
    '以后从桌面图标打开',
  ],
  samsung: ['点屏幕右下角的菜单（三条横线）', '选“添加页面到”，再选“主屏幕”', '以后从主屏幕打开'],
  'android-firefox': ['点右上角（或右下角）的菜单', '选“安装”或“添加到主屏幕”', '以后从主屏幕打开'],
  'android-chrome': ['点右上角的菜单（三个点）', '选“安装应用”或“添加到主屏幕”', '以后从主屏幕打开'],
  'android-other': [
    '点屏幕下方的菜单（三条横线或三个点）',
    '选“添加到桌面”（有的在“工具”里）；没有这一项时，请换用 Chrome',
    '以后从桌面图标打开',
  ],
  'desktop-safari': ['点菜单“文件”', '选“添加到程序坞”', '以后从程序坞打开，在里面登录一次'],
  desktop: [
    '看地址栏右侧有没有“安装”图标',
    '没有时，点浏览器菜单里的“安装窗口先锋”或“应用”',
    '以后从桌面或开始菜单打开',
  ],
}

/** Home screen and browser have storage of their own: what waits in one is not in the other. */
export const hasSeparateStorage = (kind: BrowserKind): boolean =>
  kind === 'ios-safari' || kind === 'ios-other' || kind === 'desktop-safari'
