import { getCurrentInstance } from 'vue'
import type { App } from 'vue'

/**
 * State that belongs to one running app: made at first use, shared by every component of that app, gone with it.
 * So a host in the root and a caller anywhere meet without module-level state. Callable in setup only.
 */
export const perApp = <T>(create: () => T): (() => T) => {
  const held = new WeakMap<App, T>()
  return () => {
    const app = getCurrentInstance()?.appContext.app
    if (!app) throw new Error('perApp state was asked for outside setup')
    const existing = held.get(app)
    if (existing) return existing
    const created = create()
    held.set(app, created)
    return created
  }
}
