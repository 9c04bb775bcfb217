/** What a first visit to 今日 fetches, whose code it is, and what the service worker keeps. */
import { sizesOf, type BuiltApp, type Owner, type Sizes } from '../../support/app/build-app.ts'
import { firstVisit, keptPaths, QUIET_MS, type Fetched } from '../../support/app/first-visit.ts'
import { openPhone } from '../../support/app/phone.ts'
import { TODAY, watchFor } from '../../support/app/readable.ts'
import type { Stage } from '../../support/app/stage.ts'
import { percent, whole, type Report } from '../../support/report.ts'

const BUDGET = { js: 110_000, own: 35_000, css: 20_000 }
const OWNER_NAMES: Record<Owner, string> = {
  own: 'our own',
  vue: 'Vue, Pinia, VueUse',
  router: 'Vue Router',
  dexie: 'Dexie',
  others: 'other packages',
}
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

const ZERO: Sizes = { raw: 0, gzip: 0, brotli: 0 }
const sum = (all: readonly (Sizes | undefined)[]): Sizes =>
  all.reduce<Sizes>(
    (a, b = ZERO) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli }),
    ZERO,
  )

/** Each file's size is divided as its code is before minifying: an estimate, good to a kilobyte or two. */
function sharesOf(app: BuiltApp, paths: readonly string[]): Map<Owner, Sizes> {
  const total = new Map<Owner, Sizes>()
  for (const path of paths) {
    const sizes = sizesOf(app, path) ?? ZERO
    const shares = Object.entries(app.shares.get(path) ?? { own: 1 }) as [Owner, number][]
    const all = shares.reduce((n, [, length]) => n + length, 0) || 1
    for (const [owner, length] of shares) {
      const part = length / all
      const own = { raw: sizes.raw * part, gzip: sizes.gzip * part, brotli: sizes.brotli * part }
      total.set(owner, sum([total.get(owner), own]))
    }
  }
  return total
}

export async function bytes(stage: Stage): Promise<Report> {
  const app = await stage.app()
  const { url } = await stage.serve('demo')
  const { profile } = await stage.prepare('demo')
  stage.bench.log('第一次打开今日')
  const phone = await openPhone(stage.bench, { profile: profile() })
  // Signed in, and its records there; the app itself as if never fetched.
  await phone.cdp.send('Storage.clearDataForOrigin', {
    origin: url,
    storageTypes: 'service_workers,cache_storage,shader_cache',
  })
  await phone.cdp.send('Network.clearBrowserCache')
  await watchFor(phone.context, TODAY.content)
  const { fetched, rows } = await firstVisit(phone.page, url)
  const kept = await keptPaths(phone.page)
  await phone.close()

  const line = (name: string, files: readonly Fetched[]) => {
    const sizes = sum(files.map(({ path }) => sizesOf(app, path)))
    const encodings = [...new Set(files.map(({ encoding }) => encoding || 'none'))].join(', ')
    return [
      name,
      whole(files.length),
      kilobytes(sizes.raw),
      kilobytes(sizes.gzip),
      kilobytes(sizes.brotli),
      encodings,
    ]
  }
  const of = (kind: Fetched['kind'], early: boolean) =>
    fetched.filter((f) => f.kind === kind && f.early === early)
  const early = fetched.filter((f) => f.early)
  const js = of('js', true)
  const jsSizes = sum(js.map(({ path }) => sizesOf(app, path)))
  const cssSizes = sum(of('css', true).map(({ path }) => sizesOf(app, path)))
  const shares = sharesOf(
    app,
    js.map(({ path }) => path),
  )
  const largest = js
    .map(({ path }) => ({ path, ...sizesOf(app, path)! }))
    .sort((a, b) => b.gzip - a.gzip)
    .slice(0, 8)
  const keptSizes = sum(kept.map((path) => sizesOf(app, path)))
  const ownGzip = shares.get('own')?.gzip ?? 0
  return {
    tables: [
      {
        title:
          'A first visit to 今日, signed in (page and its workers; without what the service worker fetches to keep)',
        head: ['', 'files', 'raw', 'gzip', 'brotli', 'served as'],
        rows: [
          line('JavaScript until 今日 is readable', js),
          line('CSS until then', of('css', true)),
          line('page, icons, manifest until then', of('other', true)),
          line(`JavaScript within ${QUIET_MS / 1000} s afterwards`, of('js', false)),
          line(`CSS within ${QUIET_MS / 1000} s afterwards`, of('css', false)),
          [
            'requests to /api until then, afterwards',
            `${of('api', true).length}, ${of('api', false).length}`,
            '',
            '',
            '',
            '',
          ],
          [
            'kept by the service worker',
            whole(kept.length),
            kilobytes(keptSizes.raw),
            kilobytes(keptSizes.gzip),
            kilobytes(keptSizes.brotli),
            '',
          ],
        ],
      },
      {
        title: 'Whose JavaScript it is (each file divided as its code before minifying)',
        head: ['', 'gzip', 'of all'],
        rows: [...shares]
          .sort((a, b) => b[1].gzip - a[1].gzip)
          .map(([owner, { gzip }]) => [OWNER_NAMES[owner], kilobytes(gzip), percent(gzip / jsSizes.gzip)]),
      },
      {
        title: 'The largest files of it',
        head: ['', 'gzip', 'brotli'],
        rows: largest.map(({ path, gzip, brotli }) => [
          path.replace('/assets/', ''),
          kilobytes(gzip),
          kilobytes(brotli),
        ]),
      },
    ],
    checks: [
      {
        sentence: `今日 showed its rows (${rows.length}) and the browser reported no fault`,
        holds: rows.length > 0 && phone.troubles.length === 0,
      },
      {
        sentence: 'every script and style that was fetched is a file of the build',
        holds: early.every((f) => f.kind === 'api' || sizesOf(app, f.path) !== undefined),
      },
    ],
    budgets: [
      {
        name: 'first load: JavaScript, gzip',
        budget: '≤ 110 kB',
        measured: kilobytes(jsSizes.gzip),
        met: jsSizes.gzip <= BUDGET.js,
      },
      {
        name: 'of which our own',
        budget: '≤ 35 kB',
        measured: kilobytes(ownGzip),
        met: ownGzip <= BUDGET.own,
      },
      {
        name: 'first load: CSS, gzip',
        budget: '≤ 20 kB',
        measured: kilobytes(cssSizes.gzip),
        met: cssSizes.gzip <= BUDGET.css,
      },
    ],
  }
}
