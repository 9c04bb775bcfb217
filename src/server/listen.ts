/** Listens, and shuts down so that nothing that was answered is lost: no new requests, the running ones end, the store closes. */
import { serve, type ServerType } from '@hono/node-server'
import { createServer as createHttpsServer } from 'node:https'
import { ConfigTrouble, type Config } from './config.ts'
import { logProblem } from './log.ts'

interface Fetching {
  fetch(request: Request, env?: unknown): Response | Promise<Response>
}

/** @throws ConfigTrouble when the port is taken or not allowed */
export function listen(
  app: Fetching,
  config: Pick<Config, 'port' | 'host' | 'tls'>,
): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const tls = config.tls === null ? {} : { createServer: createHttpsServer, serverOptions: config.tls }
    const server = serve(
      {
        fetch: (request: Request, env: unknown) => app.fetch(request, env),
        port: config.port,
        ...(config.host === '' ? {} : { hostname: config.host }),
        ...tls,
      } as Parameters<typeof serve>[0],
      (info) => resolve({ server, port: info.port }),
    )
    server.on('error', (problem: NodeJS.ErrnoException) => reject(troubleOf(problem, config.port)))
  })
}

function troubleOf(problem: NodeJS.ErrnoException, port: number): Error {
  if (problem.code === 'EADDRINUSE')
    return new ConfigTrouble(`端口 ${port} 已被占用。请关掉占用它的程序，或用 PORT 换一个端口。`)
  if (problem.code === 'EACCES')
    return new ConfigTrouble(`没有权限使用端口 ${port}。请用 PORT 换一个 1024 以上的端口。`)
  return problem
}

/** What is still under way after this is cut: a service manager waits no longer. */
const LONGEST_END_MS = 8_000
/** And after so much more the process ends anyway: a database that answers nothing keeps nobody waiting. What was answered is kept. */
const LONGEST_CLOSE_MS = 7_000

/**
 * @param stopping aborted first: live connections end by themselves, and `/readyz` sends the balancer elsewhere
 * @param close last: the stores
 */
export function shutDownOn(
  signals: readonly NodeJS.Signals[],
  server: ServerType,
  { stopping, close }: { stopping: AbortController; close: () => Promise<void> },
): void {
  let closing = false
  const stop = () => {
    if (closing) return
    closing = true
    stopping.abort()
    setTimeout(() => process.exit(1), LONGEST_END_MS + LONGEST_CLOSE_MS).unref()
    server.close(() => {
      close().then(
        () => process.exit(0),
        (problem: unknown) => {
          logProblem(problem, 'shutting down')
          process.exit(1)
        },
      )
    })
    if ('closeIdleConnections' in server) {
      server.closeIdleConnections()
      // Kept alive by their phones: idle as soon as their last answer is out.
      setInterval(() => server.closeIdleConnections(), 100).unref()
      setTimeout(() => server.closeAllConnections(), LONGEST_END_MS).unref()
    }
  }
  for (const signal of signals) process.on(signal, stop)
}
