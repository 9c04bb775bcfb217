/** What this window cannot do, found out by looking for the features; the name of the browser only finds the right words. */
export interface BrowserLimits {
  /** Inside WeChat or another app: storage may be cleared at any time, files cannot be saved. */
  inApp: boolean
  /** Plain HTTP: no service worker, no camera, no device key. */
  insecure: boolean
  /** No service worker, though the address is secure: opening without a network is not possible. */
  noOffline: boolean
}

export interface BrowserFacts {
  userAgent: string
  isSecureContext: boolean
  hasServiceWorker: boolean
}

export function browserLimits(facts: BrowserFacts): BrowserLimits {
  const inApp = /MicroMessenger|wxwork|DingTalk|QQ\/|Weibo|AlipayClient/i.test(facts.userAgent)
  const insecure = !facts.isSecureContext
  return { inApp, insecure, noOffline: !insecure && !facts.hasServiceWorker }
}

export const limitsHere = (): BrowserLimits =>
  browserLimits({
    userAgent: navigator.userAgent,
    isSecureContext: window.isSecureContext,
    hasServiceWorker: 'serviceWorker' in navigator,
  })
