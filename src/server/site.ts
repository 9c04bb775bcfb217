/** The built app from `dist`, on the endpoint's own port: hashed assets for ever, the page itself asked for anew each time. */
import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono } from 'hono'
import { compress } from 'hono/compress'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppContext } from './routes/parts.ts'

/** @returns false when the app hasn't been built */
export function serveSite(app: Hono<AppContext>, dist: string): boolean {
  const page = join(dist, 'index.html')
  if (!existsSync(page)) return false
  app.use('*', compress())
  app.use(
    '*',
    serveStatic({
      root: dist,
      onFound: (path, c) => {
        const isHashed = path.includes('/assets/')
        c.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    }),
  )
  // Every path of the app is the same page; a missing asset is missing.
  app.get('*', async (c) => {
    if (c.req.path.startsWith('/assets/')) return c.text('not found', 404)
    return c.html(await readFile(page, 'utf8'), 200, { 'cache-control': 'no-cache' })
  })
  return true
}
