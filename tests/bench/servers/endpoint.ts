/** The real endpoint as a process of its own: the same parts as `npm start`, with the benchmark's page in place of the app. */
import type { Server } from 'node:http'
import { createApp } from '../../../src/server/app.ts'
import { listen } from '../../../src/server/listen.ts'
import { serveSite } from '../../../src/server/site.ts'
import { answerParent } from '../support/child.ts'
import { createActs } from './endpoint-acts.ts'
import { createCounting } from '../support/counting.ts'
import { openBenchStores, type StorePlace } from '../support/open-store.ts'

export interface EndpointSetup {
  place: StorePlace
  page: string | null
}

let counting: ReturnType<typeof createCounting> | undefined
let acts: ReturnType<typeof createActs> | undefined
let close: () => Promise<void> = () => Promise.resolve()

answerParent({
  start: async ({ place, page }: EndpointSetup) => {
    const { store, blobs, nudges, close: closeStores } = await openBenchStores(place)
    const app = createApp({
      store,
      blobs,
      nudges,
      logProblem: (problem) => console.error(problem),
    })
    acts = createActs(store)
    if (page !== null) serveSite(app, page)
    const counted = {
      fetch: async (request: Request, env?: unknown) => {
        const from = performance.now()
        const answer = await app.fetch(request, env as object)
        counting?.note(new URL(request.url).pathname, performance.now() - from)
        return answer
      },
    }
    const { server, port } = await listen(counted, { port: 0, host: '127.0.0.1', tls: null })
    counting = createCounting(server as Server)
    close = async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await closeStores()
    }
    return { port }
  },
  act: ([name, payload]: [keyof ReturnType<typeof createActs>, never]) => acts![name](payload),
  counts: () => counting!.read(),
  reset: () => counting!.reset(),
})

process.on('SIGTERM', () => void close().then(() => process.exit(0)))
