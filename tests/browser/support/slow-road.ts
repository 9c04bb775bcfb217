/** A road between the browser and the hall, on which what a service worker asks for at its installation can be held back. */
import { Agent, createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The page asks for its scripts as scripts; only a worker's own fetch has no such purpose. */
const isForKeeping = ({ url = '', headers }: IncomingMessage): boolean =>
  /^\/(?:assets\/|app-pack)/.test(url) && headers['sec-fetch-dest'] === 'empty'

export async function openSlowRoad(to: string) {
  const { hostname, port } = new URL(to)
  const agent = new Agent({ keepAlive: true })
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  let forKeeping = 0
  const server = createServer(async (asked, answer) => {
    if (isForKeeping(asked)) {
      forKeeping += 1
      await released
    }
    const { url: path = '/', method = 'GET', headers } = asked
    const onward = request({ hostname, port, path, method, headers, agent }, (come) => {
      answer.writeHead(come.statusCode ?? 502, come.headers)
      come.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** How many requests were held back, or would have been. */
    forKeeping: () => forKeeping,
    /** What was held back goes on. */
    release: () => release(),
    async close() {
      release()
      server.closeAllConnections()
      agent.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
