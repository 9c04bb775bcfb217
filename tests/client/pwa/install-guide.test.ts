// @vitest-environment happy-dom
/** The words of real browsers, and what each is told about its way to the home screen. */
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { browserKindOf, hasSeparateStorage, INSTALL_STEPS } from '../../../src/client/pwa/browser-kind.ts'
import { install, installOffer, listenForInstallOffer } from '../../../src/client/pwa/install-offer.ts'
import InstallGuide from '../../../src/client/pwa/InstallGuide.vue'
import { inAppOf } from '../../../src/client/ui/device/this-browser.ts'

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const AOSP = 'AppleWebKit/537.36 (KHTML, like Gecko)'
const SAFARI = `${IPHONE} Version/17.4 Mobile/15E148 Safari/604.1`
const CHROME = `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${AOSP} Chrome/124.0.0.0 Mobile Safari/537.36`
const KNOWN: [string, string, string, string][] = [
  ['Safari on an iPhone', SAFARI, 'ios-safari', '添加到主屏幕'],
  ['Chrome on an iPhone', `${IPHONE} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1`, 'ios-other', 'Safari'],
  ['Chrome on Android', CHROME, 'android-chrome', '安装应用'],
  [
    'Samsung',
    `Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S9110) ${AOSP} SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36`,
    'samsung',
    '添加页面到',
  ],
  [
    'Huawei on HarmonyOS 4',
    `Mozilla/5.0 (Linux; Android 12; HarmonyOS; ALN-AL00; HMSCore 6.13.0.302) ${AOSP} Chrome/99.0.4844.88 HuaweiBrowser/14.0.5.303 Mobile Safari/537.36`,
    'huawei',
    '添加到桌面',
  ],
  [
    'Huawei on HarmonyOS NEXT',
    `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${AOSP} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile HuaweiBrowser/5.0.5.300`,
    'huawei',
    '添加到桌面',
  ],
  [
    'Xiaomi’s own browser',
    `Mozilla/5.0 (Linux; U; Android 13; zh-cn; 2211133C Build/TKQ1.220905.001) ${AOSP} Version/4.0 Chrome/109.0.5414.118 Mobile Safari/537.36 XiaoMi/MiuiBrowser/18.2.150419`,
    'android-other',
    'Chrome',
  ],
  [
    'Firefox on Android',
    'Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0',
    'android-firefox',
    '安装',
  ],
  [
    'WeChat on an iPhone',
    `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x1800312b) NetType/WIFI Language/zh_CN`,
    'in-app',
    '在默认浏览器中打开',
  ],
  [
    'WeChat on Android',
    `Mozilla/5.0 (Linux; Android 13; V2227A Build/TP1A; wv) ${AOSP} Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160083 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F51) WeChat/arm64 Weixin NetType/4G`,
    'in-app',
    '在浏览器打开',
  ],
  [
    'WeCom',
    `${IPHONE} Mobile/15E148 wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh ColorScheme/Light`,
    'in-app',
    '在浏览器打开',
  ],
  [
    'DingTalk',
    `Mozilla/5.0 (Linux; U; Android 12; zh-CN; NOH-AN00) ${AOSP} Version/4.0 Chrome/100.0.4896.58 UWS/5.12.2 Mobile Safari/537.36 AliApp(DingTalk/7.5.5) com.alibaba.android.rimet`,
    'in-app',
    '在浏览器打开',
  ],
  [
    'Safari on a Mac',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    'desktop-safari',
    '添加到程序坞',
  ],
  [
    'Edge on Windows',
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${AOSP} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0`,
    'desktop',
    '安装窗口先锋',
  ],
]

afterEach(() => vi.unstubAllGlobals())

describe('the guide to the home screen', () => {
  it.each(KNOWN)('knows %s', (_name, userAgent, kind, words) => {
    expect(browserKindOf(userAgent)).toBe(kind)
    expect(INSTALL_STEPS[browserKindOf(userAgent)].join('')).toContain(words)
  })
  it('knows an iPad that calls itself a Mac by its touch', () => {
    expect(browserKindOf(KNOWN.find(([name]) => name === 'Safari on a Mac')![1], 5)).toBe('ios-safari')
  })
  it('tells the apps apart that open links in a window of their own', () => {
    const of = (name: string) => inAppOf(KNOWN.find(([known]) => known === name)![1])
    expect([of('WeChat on Android'), of('WeCom'), of('DingTalk'), of('Samsung')]).toEqual([
      'wechat',
      'wecom',
      'dingtalk',
      null,
    ])
  })
  it('warns of what waits or is half written only where storage is apart', () => {
    const textIn = (userAgent: string) => {
      vi.stubGlobal('navigator', { userAgent, maxTouchPoints: 0 })
      return mount(InstallGuide, { props: { waiting: 3, unfinished: 1 } }).text()
    }
    expect(textIn(SAFARI)).toContain('先送达，再添加还有 3 条、没写完的 1 份在这个浏览器里')
    expect(textIn(SAFARI)).toContain('先添加，再在里面登录')
    expect(textIn(CHROME)).not.toContain('先送达，再添加')
    expect(hasSeparateStorage('android-chrome')).toBe(false)
  })
  it('keeps the browser’s own offer until it is asked for, and uses it once', async () => {
    const target = new EventTarget()
    listenForInstallOffer(target)
    const offered = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: vi.fn(() => Promise.resolve()),
      userChoice: Promise.resolve({ outcome: 'accepted' as const }),
    })
    target.dispatchEvent(offered)
    expect(offered.defaultPrevented).toBe(true)
    expect(installOffer.value).not.toBeNull()
    expect(await install()).toBe(true)
    expect(offered.prompt).toHaveBeenCalledOnce()
    expect(installOffer.value).toBeNull()
    expect(await install()).toBe(false)
  })
})
