/** What a composable of the app says on one phone, used outside of a page; a test's `endUses` ends them all, as leaving the page does. */
import { createApp, effectScope, type EffectScope } from 'vue'
import { phoneKey, type Phone } from '../../../src/client/storage/phone.ts'

const scopes = new Set<EffectScope>()

export function using<T>({ phone }: { phone: Phone }, composable: () => T): T {
  const app = createApp({})
  app.provide(phoneKey, phone)
  const scope = effectScope(true)
  scopes.add(scope)
  return scope.run(() => app.runWithContext(composable))!
}

export function endUses(): void {
  for (const scope of scopes) scope.stop()
  scopes.clear()
}
