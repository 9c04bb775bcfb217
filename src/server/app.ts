/**
 * The endpoint as a value: a fetch handler, callable without a port. Journeys run phones and endpoint in one process with it.
 *
 * Guarantees: every write comes from the app's own origin; every answer of the API is JSON with a code of the error table when
 * it refuses; malformed input is a 4xx and leaves nothing behind.
 */
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { secureHeaders } from 'hono/secure-headers'
import { createActors } from './auth/access.ts'
import { commandRoutes } from './commands/routes.ts'
import { createNudges, type Nudges } from './notify/nudges.ts'
import { officeRoutes } from './office/routes.ts'
import { journaledStore } from './journal/journaled-store.ts'
import { noJournal, type Journal } from './journal/journal-lines.ts'
import { Refusal } from './problem.ts'
import { blobRoutes } from './routes/blobs.ts'
import { healthRoutes } from './routes/health.ts'
import { LIVE_LIMITS } from './routes/live/live-seats.ts'
import { liveRoute } from './routes/live/live.ts'
import type { AppContext, Parts, Settings } from './routes/parts.ts'
import { pullRoute } from './routes/pull/pull.ts'
import { pushRoute } from './routes/push/push.ts'
import { sessionOf, sessionRoutes } from './routes/session.ts'
import { setUpRoutes } from './routes/set-up.ts'
import type { BlobStore } from './store/blob-store.ts'
import { StoreAway, UnstorableValue, type RecordStore } from './store/record-store.ts'

export interface AppParts {
  store: RecordStore
  blobs: BlobStore
  now?: () => number
  newId?: () => string
  nudges?: Nudges
  /** None by default: for tests. */
  journal?: Journal
  settings?: Partial<Settings>
  /** Aborted when the endpoint stops. */
  stopping?: AbortSignal
  /** Where a refusal that nobody foresaw is written; ids, never contents. */
  logProblem?: (problem: unknown, where: string) => void
}

export const DEFAULT_SETTINGS: Settings = {
  publicUrl: '',
  maxFileBytes: 50 * 1024 * 1024,
  filingNumber: '',
  demo: false,
  trustProxy: false,
  live: LIVE_LIMITS,
}

/** Reached without a session: signing in, setting up, and what a balancer asks. */
const OPEN_PATHS = new Set([
  'POST /api/session',
  'DELETE /api/session',
  'GET /api/setup',
  'POST /api/setup',
  'GET /api/about',
])

export function createApp(given: AppParts): Hono<AppContext> {
  const [journal, now] = [given.journal ?? noJournal, given.now ?? Date.now]
  const parts: Parts = {
    store: journaledStore(given.store, journal, now),
    blobs: given.blobs,
    actors: createActors(),
    nudges: given.nudges ?? createNudges(),
    journal,
    now,
    newId: given.newId ?? (() => crypto.randomUUID()),
    settings: { ...DEFAULT_SETTINGS, ...given.settings },
    stopping: given.stopping ?? new AbortController().signal,
  }
  const app = new Hono<AppContext>()
  app.use('*', securityHeaders())
  app.use('/api/*', async (c, next) => {
    c.set(
      'address',
      addressOf(c.env, parts.settings.trustProxy ? c.req.header('x-forwarded-for') : undefined),
    )
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') checkOrigin(c.req.raw, parts.settings.publicUrl)
    if (!OPEN_PATHS.has(`${c.req.method} ${c.req.path}`)) c.set('session', await sessionOf(c, parts))
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
  })
  // A phone's first pull is a megabyte of text over a hall's network.
  app.use('/api/pull', compress())
  app.get('/api/about', (c) => {
    const { demo, filingNumber, maxFileBytes } = parts.settings
    return c.json({ demo, filingNumber, maxFileBytes })
  })
  setUpRoutes(app, parts)
  sessionRoutes(app, parts)
  pushRoute(app, parts)
  pullRoute(app, parts)
  blobRoutes(app, parts)
  liveRoute(app, parts)
  officeRoutes(app, parts)
  commandRoutes(app, parts)
  healthRoutes(app, parts)
  app.all('/api/*', () => {
    throw new Refusal('not-found')
  })
  app.onError((problem, c) => {
    const refusal = problem instanceof Refusal ? problem : refusalOf(problem, c.req.path, given.logProblem)
    if (refusal.retryAfterSeconds !== undefined) c.header('retry-after', String(refusal.retryAfterSeconds))
    c.header('cache-control', 'no-store')
    return c.json(refusal.toBody(), refusal.status as 400)
  })
  return app
}

function refusalOf(problem: unknown, where: string, log: AppParts['logProblem']): Refusal {
  if (problem instanceof StoreAway)
    return new Refusal(problem.reason === 'busy' ? 'overloaded' : 'maintenance', {
      retryAfterSeconds: retryAfterSeconds(),
    })
  if (problem instanceof UnstorableValue) return new Refusal('bad-request')
  const isBusy = problem instanceof Error && /database is locked|busy/i.test(problem.message)
  if (isBusy) return new Refusal('overloaded', { retryAfterSeconds: retryAfterSeconds() })
  log?.(problem, where)
  return new Refusal('internal')
}

/** Not the same for all: they would come back together. */
const retryAfterSeconds = () => 2 + Math.floor(Math.random() * 4)

function securityHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'", 'blob:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xFrameOptions: 'DENY',
    crossOriginOpenerPolicy: 'same-origin',
    strictTransportSecurity: false,
    permissionsPolicy: { geolocation: [], microphone: [] },
  })
}

/** A form on another site cannot write: browsers send Origin with every write; tools that send none carry no cookie by accident. */
function checkOrigin(request: Request, publicUrl: string): void {
  const origin = request.headers.get('origin')
  if (origin === null) {
    const site = request.headers.get('sec-fetch-site')
    if (site !== null && site !== 'same-origin' && site !== 'none') throw new Refusal('wrong-origin')
    return
  }
  const own = new URL(request.url).host
  const announced = publicUrl === '' ? own : new URL(publicUrl).host
  const host = URL.canParse(origin) ? new URL(origin).host : ''
  if (host !== own && host !== announced) throw new Refusal('wrong-origin')
}

/** The peer's address as the socket knows it; behind a proxy of our own, as that proxy says: the last entry is its own. */
function addressOf(env: unknown, forwarded: string | undefined): string {
  const last = forwarded?.split(',').at(-1)?.trim()
  if (last) return last
  const incoming = (env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming
  return incoming?.socket?.remoteAddress ?? 'local'
}
