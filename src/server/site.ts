/**
 * The built app from `dist`, on the endpoint's own port: hashed assets for ever, the page itself asked for anew each time;
 * texts as brotli, as the build has laid them beside the files, and as gzip for who does not take that.
 */
import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono } from 'hono'
import { compress } from 'hono/compress'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { AppContext } from './routes/parts.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'

/** @returns false when the app hasn't been built */
export function serveSite(app: Hono<AppContext>, dist: string): boolean {
  if (!existsSync(join(dist, 'index.html'))) return false
  const files = { root: dist, precompressed: true }
  app.use('*', compress(), async (c, next) => {
    await next()
    const isHashed = c.req.path.startsWith('/assets/')
    if (c.res.ok) c.header('cache-control', isHashed ? FOR_EVER : 'no-cache')
  })
  app.use('*', serveStatic(files))
  app.get('/assets/*', (c) => c.text('not found', 404))
  // Every other path of the app is the same page.
  app.get('*', serveStatic({ ...files, path: 'index.html' }))
  return true
}
