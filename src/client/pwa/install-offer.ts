/** Some browsers offer to install the app by themselves; kept until the person asks for it on the page about installing. */
import { shallowRef, type ShallowRef } from 'vue'

interface InstallEvent extends Event {
  prompt(): Promise<void>
  userChoice: Promise<{ outcome: 'accepted' | 'dismissed' }>
}

/** One for the document, as the browser's offer is one. */
const offer = shallowRef<InstallEvent | null>(null)

export const installOffer: Readonly<ShallowRef<object | null>> = offer

export function listenForInstallOffer(target: EventTarget = window): void {
  target.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offer.value = event as InstallEvent
  })
  target.addEventListener('appinstalled', () => {
    offer.value = null
  })
}

/** @returns whether the person accepted */
export async function install(): Promise<boolean> {
  const held = offer.value
  if (held === null) return false
  offer.value = null
  await held.prompt()
  return (await held.userChoice).outcome === 'accepted'
}
