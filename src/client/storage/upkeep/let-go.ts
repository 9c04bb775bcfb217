/**
 * A page that goes into WebKit's page cache in the middle of a transaction keeps it: whoever comes next, be it the same app
 * opened anew, waits for its tables for ever. So a page that is set aside gives up what has not been committed, as a page
 * that is closed does; brought back, `guarded` does it again.
 */
import type { DBCore, Middleware } from 'dexie'

const running = new Set<IDBTransaction>()

export function follow(transaction: IDBTransaction): void {
  running.add(transaction)
  for (const end of ['complete', 'abort'])
    transaction.addEventListener(end, () => running.delete(transaction))
}

function giveUp({ persisted }: PageTransitionEvent): void {
  if (!persisted) return
  for (const transaction of running) {
    try {
      transaction.abort()
    } catch {
      // It is being committed: that needs no page any more.
    }
  }
}

// Neither Node nor a worker is ever set aside; a worker ends with its page.
if (typeof document !== 'undefined') addEventListener('pagehide', giveUp)

export const letGo: Middleware<DBCore> = {
  stack: 'dbcore',
  name: 'let-go',
  create: (core) => ({
    transaction(...asked) {
      const transaction = core.transaction(...asked)
      follow(transaction as IDBTransaction)
      return transaction
    },
  }),
}
