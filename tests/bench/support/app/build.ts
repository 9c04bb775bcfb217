/**
 * A process of its own, because Vite tells on the standard output what it does: `build.ts <folder> <file for the shares>`. Two
 * pages stand beside the app that its own service worker keeps too: words alone, and an empty Vue app.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin, type Rolldown } from 'vite'
import { FLOORS, type Owner, type Shares } from './build-app.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const OWNERS: readonly [RegExp, Owner][] = [
  [/node_modules\/vue-router\//, 'router'],
  [/node_modules\/(?:@vue|vue|pinia|@vueuse)\//, 'vue'],
  [/node_modules\/dexie\//, 'dexie'],
  [/node_modules\//, 'others'],
]
const ownerOf = (id: string): Owner => OWNERS.find(([pattern]) => pattern.test(id))?.[1] ?? 'own'

const page = (body: string) =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>对照</title>` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><body>${body}</body></html>`
const EMPTY_APP = `import { createApp, h } from 'vue'
createApp({ render: () => h('p', { id: 'done' }, '对照') }).mount('#app')`

async function emptyVue(): Promise<string> {
  const id = 'bench:empty-vue'
  const made = (await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [
      {
        name: id,
        resolveId: (asked) => (asked === id ? `\0${id}` : undefined),
        load: (asked) => (asked === `\0${id}` ? EMPTY_APP : undefined),
      },
    ],
    build: { write: false, target: ['chrome100'], rollupOptions: { input: id } },
  })) as Rolldown.RolldownOutput
  return made.output[0].code
}

function besideApp(vue: string, shares: Record<string, Shares>): Plugin {
  return {
    name: 'bench:beside-app',
    async generateBundle(_options, bundle) {
      const put = (fileName: string, source: string) => this.emitFile({ type: 'asset', fileName, source })
      put(FLOORS.words.slice(1), page('<p id="done">对照</p>'))
      put('bench-vue.js', vue)
      put(
        FLOORS.vue.slice(1),
        page('<div id="app"></div><script type="module" src="/bench-vue.js"></script>'),
      )
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type !== 'chunk') continue
        const own: Shares = {}
        for (const [id, module] of Object.entries(chunk.modules)) {
          const owner = ownerOf(id)
          own[owner] = (own[owner] ?? 0) + (module?.renderedLength ?? 0)
        }
        shares[`/${name}`] = own
      }
    },
  }
}

const [folder = '', sharesFile = ''] = process.argv.slice(2)
const shares: Record<string, Shares> = {}
await build({
  configFile: join(ROOT, 'vite.config.ts'),
  root: ROOT,
  logLevel: 'error',
  plugins: [besideApp(await emptyVue(), shares)],
  build: { outDir: folder, emptyOutDir: true, minify: !process.env.BENCH_PROFILE },
})
writeFileSync(sharesFile, JSON.stringify(shares))
