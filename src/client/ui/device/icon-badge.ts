/**
 * The figure on the app's icon, where the platform has one. Quiet: no browser is asked for permission but by the person's
 * own tap, and one that does not allow it or has no such thing changes nothing.
 */
import { shallowRef, type ShallowRef } from 'vue'
import { isIos } from './this-browser.ts'

interface Badging {
  setAppBadge?(count?: number): Promise<void>
  clearAppBadge?(): Promise<void>
}

const CHOICE = 'wh-badge'

const badging = (): Badging => navigator as Badging

export const hasBadge = (): boolean => typeof badging().setAppBadge === 'function'

/** On an iPhone the badge comes with the permission for notices, which is asked for on a tap. */
const needsPermission = (): boolean => isIos(navigator.userAgent, navigator.maxTouchPoints)

const isAllowed = (): boolean =>
  !needsPermission() || (typeof Notification !== 'undefined' && Notification.permission === 'granted')

function readChoice(): boolean {
  try {
    return localStorage.getItem(CHOICE) !== 'off'
  } catch {
    return true
  }
}

const choice = shallowRef<boolean | null>(null)

/** One for the document, as the icon is one: shown and allowed. */
export function useBadgeChoice(): Readonly<ShallowRef<boolean | null>> {
  choice.value ??= readChoice() && isAllowed()
  return choice
}

/** From a tap. @returns false where the person wanted it and the platform does not allow it */
export async function chooseBadge(isOn: boolean): Promise<boolean> {
  try {
    localStorage.setItem(CHOICE, isOn ? 'on' : 'off')
  } catch {
    // Holds until the app is closed.
  }
  if (isOn && !isAllowed() && typeof Notification !== 'undefined') await Notification.requestPermission()
  choice.value = isOn && isAllowed()
  return choice.value === isOn
}

export async function showBadge(count: number): Promise<void> {
  try {
    if (count > 0 && useBadgeChoice().value === true) await badging().setAppBadge?.(count)
    else await badging().clearAppBadge?.()
  } catch {
    // Not installed, or not allowed: there is no icon to write on.
  }
}
