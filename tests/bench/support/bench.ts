/** What every case needs: filled stores (made once, copied for each use), processes, a browser with an empty profile. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { openSqliteStore } from '../../../src/server/store/sqlite/sqlite-store.ts'
import type { RecordStore } from '../../../src/server/store/record-store.ts'
import { findBrowser } from '../../browser/support/find-browser.ts'
import { fillBureau, fillRecords, smallBureau } from '../fill/fill-store.ts'
import type { EndpointSetup } from '../servers/endpoint.ts'
import type { PeersSetup } from '../servers/peers.ts'
import { startChild, type Child } from './child.ts'
import { buildPage } from './build-page.ts'
import { sqliteFile, type StorePlace } from './open-store.ts'

export interface BenchPage {
  page: Page
  run<T>(side: string, act: string, argument?: unknown): Promise<T>
  close(): Promise<void>
}

const FLAGS = ['--enable-precise-memory-info', '--js-flags=--expose-gc']

/** `BENCH_PROFILE=<folder>`: each act in the page leaves a CPU profile there. */
export async function profiled<T>(page: Page, name: string, work: () => Promise<T>): Promise<T> {
  const folder = process.env.BENCH_PROFILE
  if (folder === undefined || folder === '') return work()
  const session = await page.context().newCDPSession(page)
  await session.send('Profiler.enable')
  await session.send('Profiler.start')
  const value = await work()
  const { profile } = await session.send('Profiler.stop')
  await session.detach()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `page-${name}-${Date.now()}.cpuprofile`), JSON.stringify(profile))
  return value
}

export function createBench() {
  const folder = mkdtempSync(join(tmpdir(), 'window-hall-bench-'))
  const children = new Set<Child>()
  const browsers = new Set<BrowserContext>()
  let built: Promise<void> | undefined
  const pageFolder = join(folder, 'page')
  const servers = join(import.meta.dirname, '../servers')
  let copies = 0

  async function started(file: string, setup: EndpointSetup | PeersSetup): Promise<Child> {
    const child = await startChild(join(servers, file), setup)
    children.add(child)
    return child
  }
  const ready = () => (built ??= buildPage(pageFolder))

  const bench = {
    folder,
    log: (text: string) => process.stderr.write(`${text}\n`),

    /** A SQLite store of its own, from a filled one of so many records that is made at first use. */
    async store(rows: number): Promise<StorePlace> {
      const source = join(folder, `rows-${rows}`)
      if (!existsSync(source)) {
        bench.log(`准备数据：${rows} 条`)
        const store = await openSqliteStore(sqliteFile(source))
        await fillBureau(store, smallBureau(), Date.now())
        await fillRecords(store, 0, rows, Date.now())
        await store.close()
      }
      const copy = bench.emptyFolder()
      cpSync(source, copy, { recursive: true })
      return { folder: copy, databaseUrl: null }
    },

    emptyFolder(): string {
      const copy = join(folder, `store-${++copies}`)
      mkdirSync(copy)
      return copy
    },

    async withStore<T>(place: StorePlace, body: (store: RecordStore) => Promise<T>): Promise<T> {
      const store = await openSqliteStore(sqliteFile(place.folder))
      try {
        return await body(store)
      } finally {
        await store.close()
      }
    },

    async endpoint(place: StorePlace): Promise<Child> {
      await ready()
      return started('endpoint.ts', { place, page: pageFolder })
    },

    async peers(place: StorePlace, { pouch }: { pouch: boolean }): Promise<Child> {
      await ready()
      return started('peers.ts', { place, page: pageFolder, pouch })
    },

    child: (file: string, setup: unknown) => started(file, setup as EndpointSetup),

    async stop(child: Child): Promise<void> {
      children.delete(child)
      await child.stop()
    },

    /** A browser on this profile, which it makes when there is none. */
    async launch(
      profile: string,
      flags: readonly string[],
      options: Pick<BrowserContextOptions, 'locale' | 'timezoneId' | 'hasTouch'> = {},
    ): Promise<BrowserContext> {
      const { executablePath, args } = await findBrowser()
      const context = await chromium.launchPersistentContext(profile, {
        executablePath,
        args: [...args, ...flags],
        headless: true,
        viewport: { width: 390, height: 844 },
        ...options,
      })
      browsers.add(context)
      context.on('close', () => browsers.delete(context))
      return context
    },

    /** A browser with an empty profile on disk, at the page of this server. */
    async browser({ port }: { port: number }): Promise<BenchPage> {
      const profile = join(folder, `profile-${++copies}`)
      const context = await bench.launch(profile, FLAGS)
      const page = context.pages()[0] ?? (await context.newPage())
      page.on('pageerror', (problem) => bench.log(`页面出错：${problem.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error') bench.log(`页面报告：${message.text()}`)
      })
      await page.goto(`http://localhost:${port}/index.html`)
      const run = <T>(side: string, act: string, argument: unknown = null) =>
        profiled(page, `${side}-${act}`, () =>
          page.evaluate(
            ([s, a, given]) =>
              (globalThis as never as { bench(s: string, a: string, g: unknown): Promise<T> }).bench(
                s,
                a,
                given,
              ),
            [side, act, argument] as [string, string, unknown],
          ),
        ) as Promise<T>
      const close = async () => {
        await context.close()
        rmSync(profile, { recursive: true, force: true })
      }
      return { page, run, close }
    },

    async close(): Promise<void> {
      for (const context of browsers) await context.close()
      for (const child of children) await child.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return bench
}

export type Bench = ReturnType<typeof createBench>
