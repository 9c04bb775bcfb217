/** The composition root: makes the parts, hands them to each other, mounts. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { catchFailures, failureAfter } from './app/failure.ts'
import { createPhoneHolder, phoneHolderKey } from './app/session/phone-holder.ts'
import { createSessionParts } from './app/session/session-parts.ts'
import { listenForInstallOffer } from './pwa/install-offer.ts'
import { afterFirstPaint, mountBehindBones } from './ui/page/after-first-paint.ts'
import { sessionPartsKey, useSession } from './remote/session.ts'
import { completeRoutes, createAppRouter } from './router.ts'
import { useAppearance } from './ui/device/appearance.ts'
import './ui/tokens/index.css'

document.querySelector('meta[name="theme-color"][media*="dark"]')?.remove()
document.querySelector('meta[name="theme-color"]')?.removeAttribute('media')
useAppearance()

const app = createApp(App)
const failure = catchFailures(app)
app.use(createPinia())
app.provide(sessionPartsKey, createSessionParts())

const session = app.runWithContext(() => useSession())
const router = createAppRouter(session)
const told = {
  markExpired: () => session.markExpired(),
  noteContact: (at: number) => session.noteContact(at),
  noteDevice: (device: { deviceId: string; keyId: string | null }) => session.noteDevice(device),
  noteTrouble: (trouble: Error) => {
    failure.value = failureAfter(failure.value, trouble)
  },
  noteBlocked: (trouble: Error) => holder.noteBlocked(trouble),
}
const holder = createPhoneHolder(session, async (person, device) =>
  (await import('./app/session/open-signed-in.ts')).openSignedIn(person, device, told),
)

app.provide(phoneHolderKey, holder)
listenForInstallOffer()
app.use(router)
mountBehindBones(() => app.mount('#app'))
void afterFirstPaint().then(async () => {
  void session.refresh()
  // Where they don't come now, the first way to one of them asks again.
  await completeRoutes(router).catch(() => undefined)
  await (await import('./pwa/register.ts')).startUpdates()
})
