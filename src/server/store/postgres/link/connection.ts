/** One way to reach the database for everybody: who asks, who listens, who only says that they are there. */
import { Client, type ClientConfig } from 'pg'

const CONNECT_MS = 5_000
/** Some say nothing for days: without this a firewall forgets them. */
const KEEP_ALIVE_MS = 10_000

export const connectionTo = (url: string, connectMs: number = CONNECT_MS): ClientConfig => ({
  connectionString: url,
  keepAlive: true,
  keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  connectionTimeoutMillis: connectMs,
  fallback_application_name: 'window-hall',
})

export function createClient(config: ClientConfig): Client {
  const client = new Client(config)
  // Whoever awaits a query is told; a death in between is nobody's.
  client.on('error', () => undefined)
  return client
}
