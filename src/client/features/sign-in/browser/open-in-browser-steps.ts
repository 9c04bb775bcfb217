/** The way out of another app's window into a browser, as that app calls it. */
import type { InApp } from '../../../ui/device/this-browser.ts'

const WHERE: Record<InApp, string> = {
  wechat: '微信',
  wecom: '企业微信',
  dingtalk: '钉钉',
  other: '别的应用',
}
const DOTS: Record<InApp, string> = {
  wechat: '点右上角的“…”',
  wecom: '点右上角的“…”',
  dingtalk: '点右上角的“…”',
  other: '点右上角的“…”或“分享”',
}
const OPEN = '选“在浏览器打开”'
const OPEN_ON_IOS: Record<InApp, string> = {
  wechat: '选“在默认浏览器中打开”；旧版微信写作“在 Safari 中打开”',
  wecom: '选“在默认浏览器中打开”或“在 Safari 中打开”',
  dingtalk: '选“在浏览器打开”或“在 Safari 中打开”',
  other: '选“在浏览器打开”或“在 Safari 中打开”',
}
const COPY = '找不到这一项时，复制下面的地址，粘贴到浏览器里'

/** @param inApp null: a browser, which needs none of it; somebody only looks the way up. */
export function openInBrowserSteps(inApp: InApp | null, isIos: boolean): { where: string; steps: string[] } {
  const app = inApp ?? 'wechat'
  return {
    where: inApp === null ? '微信等应用' : WHERE[inApp],
    steps: [DOTS[app], isIos ? OPEN_ON_IOS[app] : OPEN, COPY],
  }
}
