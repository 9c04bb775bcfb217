import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig, type Plugin } from 'vitest/config'
import { readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress } from 'node:zlib'
import { patchPdfWorker } from './src/client/features/circulation/reader/pdf/patch-pdf-worker.ts'
import { pack, PACK_URL } from './src/client/pwa/worker/app-pack.ts'
import { apart, markLater } from './src/client/ui/page/later-styles.ts'

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Viewers and their workers are large and used by few screens: fetched on use and cached then, never precached. */
const ON_DEMAND = ['**/pdf*.{js,mjs,css}', '**/viewer-*.js', '**/gallery-*.js']

/** `*.precomputed.ts` run while the app is built, and what they export goes into it as finished values. */
const precomputed: Plugin = {
  name: 'precomputed',
  apply: 'build',
  async load(id) {
    if (!id.endsWith('.precomputed.ts')) return null
    const values = (await import(id)) as Record<string, unknown>
    return Object.entries(values)
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}`)
      .join('\n')
  },
}

const boundedPdfPictures: Plugin = {
  name: 'bounded-pdf-pictures',
  transform: (code, id) =>
    id.endsWith('/pdf.worker.min.mjs') ? { code: patchPdfWorker(code), map: null } : null,
}

/** Whose rules no first screen needs: the slices' pages, and the parts that only they show. Of 今日 and signing in nothing. */
const OF_LATER_PAGES =
  /\/src\/client\/(?:features\/(?!today\/|sign-in\/)|ui\/(?:paper|reading|signature|gallery)\/|ui\/content\/prose)/
const isStyle = (id: string): boolean => /\.css$|[?&]type=style|lang\.css/.test(id)

/**
 * The page's own few rules paint what stands before the app; the first sheet comes after that in the page, so that the first paint
 * does not wait for it. The app's script does. The sheet of the later pages lies unused until their routes come (later-sheet.ts).
 * What a signed-in person's screen needs is asked for along with the script, and is there when the frame stands.
 */
const sheets: Plugin = {
  name: 'sheets',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      const page = bundle['index.html']
      // A worker's bundle has none.
      if (page?.type !== 'asset') return
      const sheet = Object.values(bundle).find(({ fileName }) => /\/style-.*\.css$/.test(fileName))
      const link = /\n *(<link rel="stylesheet"[^>]*>)/.exec(String(page.source))
      if (sheet?.type !== 'asset' || link === null) throw new Error('index.html has no style sheet')
      const { first, later } = apart(String(sheet.source))
      sheet.source = first
      const fileName = sheet.fileName.replace('/style-', '/later-pages-')
      this.emitFile({ type: 'asset', fileName, source: later })
      const kept = `<template id="later-sheet">${link[1]!.replace(sheet.fileName, fileName)}</template>`
      const next = Object.keys(bundle).filter((file) => /\/(?:first-screen|dexie)-/.test(file))
      const preloads = next.map(
        (file) => `\n    <link rel="modulepreload" fetchpriority="low" crossorigin href="/${file}">`,
      )
      // Before the app's own scripts; like them it runs when the first sheet is there.
      const lastSeen = /\n    <script [^>]*\/last-seen-[^>]*><\/script>/.exec(String(page.source))![0]
      page.source = String(page.source)
        .replace(link[0], '')
        .replace(lastSeen, '')
        .replace(/\n    <script type="module"/, `${lastSeen}$&`)
        .replace('\n  </body>', `${link[0]}\n    ${kept}${preloads.join('')}\n  </body>`)
    },
  },
}
/** Between the compilation of a style and the making of the sheet. */
const markLaterStyles: Plugin = {
  name: 'mark-later-styles',
  apply: 'build',
  transform: (code, id) =>
    isStyle(id) && OF_LATER_PAGES.test(id) ? { code: markLater(code), map: null } : null,
}

/** What is done with the built files, each after the one before it: other plugins' as well. */
const atTheEnd = (name: string, work: (outDir: string) => Promise<void>): Plugin => ({
  name,
  apply: 'build',
  enforce: 'post',
  closeBundle: {
    order: 'post',
    sequential: true,
    handler() {
      return work(this.environment.config.build.outDir)
    },
  },
})

/** What the service worker keeps at its installation, from the site's root. */
let precached: string[] = []
/** Its scripts and styles in one text, but for those that the page itself has just asked for. Before the `.br` of it is made. */
const appPack = atTheEnd('app-pack', async (outDir) => {
  const page = await readFile(join(outDir, 'index.html'), 'utf8')
  const urls = precached.map((path) => `/${path}`).filter((url) => /^\/assets\/.*\.(?:js|css)$/.test(url))
  const files = urls.filter((url) => !page.includes(url)).sort()
  const bytes = files.map(async (url) => ({ url, bytes: new Uint8Array(await readFile(join(outDir, url))) }))
  await writeFile(join(outDir, PACK_URL), pack(await Promise.all(bytes)))
})

const brotli = promisify(brotliCompress)
const TEXT = /\.(?:js|mjs|css|html|svg|webmanifest|txt)$/

/** Beside each text a `.br` of it, which the endpoint serves. Last, so that the service worker's script is there too. */
const brotliTexts = atTheEnd('brotli-texts', async (outDir) => {
  const names = await readdir(outDir, { recursive: true })
  for (const name of names.filter((name) => TEXT.test(name))) {
    const path = join(outDir, name)
    await writeFile(`${path}.br`, await brotli(await readFile(path)))
  }
})

const at = (path: string): string => join(import.meta.dirname, path)
/** 今日 as it was last seen, shown before the app runs: a file of its own with what it asks, and nothing else. */
const LAST_SEEN = ['src/client/app/last-seen/show.ts'].map(at)
/** The frame, which stands before a sign-in too. */
const SHELL = ['src/client/main.ts'].map(at)
/** With it, what a signed-in person's first screen needs: main.ts and the route of 今日 load these. */
const FIRST_SCREEN = [
  'src/client/app/session/open-signed-in.ts',
  'src/client/app/SignedIn.vue',
  'src/client/features/today/TodayPage.vue',
].map(at)
/** The other first screen. */
const SIGN_IN = ['SignInPage.vue', 'ActivatePage.vue'].map((page) =>
  at(`src/client/features/sign-in/${page}`),
)
/** What it asks of the endpoint; a signed-in phone does so too, after its first screen. */
const CALLS = ['src/client/remote/session-calls.ts'].map(at)

interface ModuleGraph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null
}

/** Whether a module comes with one of these; asked of the graph when it is complete. */
function comesWith(roots: readonly string[]): (id: string, graph: ModuleGraph) => boolean {
  let all: ReadonlySet<string> | undefined
  return (id, graph) => {
    if (all === undefined) {
      const found = new Set(roots)
      for (const part of found)
        for (const next of graph.getModuleInfo(part)?.importedIds ?? []) found.add(next)
      all = found
    }
    return all.has(id)
  }
}
const isOfLastSeen = comesWith(LAST_SEEN)
const isOfShell = comesWith(SHELL)
const isOfFirstScreen = comesWith(FIRST_SCREEN)
const isOfSignIn = comesWith(SIGN_IN)
const isOfCalls = comesWith(CALLS)

/** Each first screen comes in four or five files; otherwise each set of pages that share a module would be one. */
function fileOf(id: string, graph: ModuleGraph): string | null {
  if (isOfLastSeen(id, graph)) return 'last-seen'
  // Also what the bundler adds of its own.
  const isOwn = id.startsWith(at('src')) && !id.includes('export-helper')
  const isOfFirst = isOfFirstScreen(id, graph)
  if (isOfShell(id, graph) || (isOfFirst && isOfSignIn(id, graph))) return isOwn ? 'shell' : 'vue'
  if (isOfFirst) return isOwn ? 'first-screen' : 'dexie'
  if (isOfCalls(id, graph)) return 'calls'
  return isOfSignIn(id, graph) ? 'sign-in' : null
}

/** What the first screen of a signed-in person runs, nearly all of it. */
const RUN_AT_ONCE = ['rolldown-runtime', 'vue', 'shell', 'first-screen', 'dexie']
/**
 * Chromium compiles each function when it is first called, on the page's thread, and for modules never takes what it kept of
 * the last time: with this line it compiles the whole file aside, while the file comes. Other browsers read a comment.
 */
const compileAside = ({ name }: { name: string }): string =>
  RUN_AT_ONCE.includes(name) ? '//# allFunctionsCalledOnLoad' : ''

/** Tests with a configuration of their own, and other people's. */
const NOT_HERE = ['tests/browser/**', 'tests/bench/**']
const TOGETHER = ['tests/shared/**/*.test.ts', 'tests/server/**/*.test.ts']

export default defineConfig({
  root: import.meta.dirname,
  // Every component here is of `setup`.
  define: { APP_VERSION: JSON.stringify(version), __VUE_OPTIONS_API__: 'false' },
  plugins: [
    precomputed,
    markLaterStyles,
    sheets,
    vue(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/client/pwa',
      filename: 'sw.ts',
      registerType: 'prompt',
      injectRegister: false,
      injectManifest: {
        globPatterns: ['**/*.{js,css,html,svg,png}'],
        globIgnores: ON_DEMAND,
        maximumFileSizeToCacheInBytes: 600_000,
        manifestTransforms: [
          (entries) => {
            precached = entries.map(({ url }) => url)
            return { manifest: entries }
          },
        ],
      },
      manifest: {
        id: '/',
        name: '窗口先锋',
        short_name: '窗口先锋',
        description: '每周一课、口袋书、文件传阅、会议考勤、自评，离线可用',
        lang: 'zh-CN',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        orientation: 'any',
        background_color: '#faf8f4',
        theme_color: '#faf8f4',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
    appPack,
    brotliTexts,
  ],
  worker: { format: 'es', plugins: () => [precomputed, boundedPdfPictures] },
  build: {
    target: ['chrome100', 'safari15.4'],
    outDir: 'dist',
    sourcemap: false,
    assetsInlineLimit: 2048,
    cssCodeSplit: false,
    // The parts of a lazy page are few, and the service worker has them: a list of them all would weigh more than it saves.
    modulePreload: false,
    rolldownOptions: {
      output: {
        codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: fileOf }] },
        postBanner: compileAside,
      },
    },
  },
  test: {
    environment: 'node',
    // A file begins in 0.43 s, in a process in 0.52 (two cores), and nothing here asks for a process of its own.
    pool: 'threads',
    // A zone far from the bureau's, so that nothing passes by luck of the clock.
    env: { TZ: 'America/Los_Angeles' },
    exclude: NOT_HERE,
    // What is waited for only ends what hangs, also on a slow machine that runs the browser's tests beside these.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
    // Also on two cores, where Vitest alone would take one: much of the time is waiting for disks and processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      // Modules that keep nothing between files: what they import is loaded once for all of them.
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['tests/**/*.test.ts'],
          exclude: [...NOT_HERE, ...TOGETHER],
          setupFiles: ['tests/support/client/closed-page.ts'],
        },
      },
    ],
  },
})
