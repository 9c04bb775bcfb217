import { inAppOf, isInstalled, isIos } from '../../../ui/device/this-browser.ts'

/** What this window cannot do, found out by looking for the features; the name of the browser only finds the right words. */
export interface BrowserLimits {
  /** Inside WeChat or another app: storage may be cleared at any time, files cannot be saved. */
  inApp: boolean
  /** Plain HTTP: no service worker, no camera, no device key. */
  insecure: boolean
  /** No service worker, though the address is secure: opening without a network is not possible. */
  noOffline: boolean
  /** Safari on a phone: the app on the home screen has storage of its own, so it is added before the first sign-in. */
  installFirst: boolean
}

export interface BrowserFacts {
  userAgent: string
  isSecureContext: boolean
  hasServiceWorker: boolean
  touchPoints?: number
  isInstalled?: boolean
}

export function browserLimits(facts: BrowserFacts): BrowserLimits {
  const inApp = inAppOf(facts.userAgent) !== null
  const insecure = !facts.isSecureContext
  const noOffline = !insecure && !facts.hasServiceWorker
  const installFirst = isIos(facts.userAgent, facts.touchPoints) && facts.isInstalled !== true
  return { inApp, insecure, noOffline, installFirst }
}

export const limitsHere = (): BrowserLimits =>
  browserLimits({
    userAgent: navigator.userAgent,
    isSecureContext: window.isSecureContext,
    hasServiceWorker: 'serviceWorker' in navigator,
    touchPoints: navigator.maxTouchPoints,
    isInstalled: isInstalled(),
  })
