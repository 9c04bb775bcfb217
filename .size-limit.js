/**
 * What the built app may weigh, gzipped; see docs/performance.md. The first screen comes in the files that vite.config.ts names;
 * every other file is a lazy part.
 */
import { readdirSync, statSync } from 'node:fs'

const ASSETS = 'dist/assets'
const FIRST = ['last-seen', 'shell', 'first-screen', 'vue', 'dexie', 'rolldown-runtime']
/** Loaded on use, and kept out of the precache, or off the page's thread. */
const APART = { 'pdf.min': '160 kB', 'pdf-worker': '400 kB', 'sync-worker': '76 kB' }
/** Where the largest keep to their limit, the others do. */
const LARGEST = 6

const ofFirst = (names) => names.map((name) => `${ASSETS}/${name}-*.js`)
const budget = (name, path, limit) => ({ name, path, limit, gzip: true })

const nameOf = (file) => file.replace(/-.{8}\.m?js$/, '')
const sizeOf = (file) => statSync(`${ASSETS}/${file}`).size
const lazy = readdirSync(ASSETS)
  .filter((file) => /\.m?js$/.test(file) && !FIRST.includes(nameOf(file)))
  .sort((a, b) => sizeOf(b) - sizeOf(a))
  .slice(0, LARGEST)
  .map((file) => budget(nameOf(file), `${ASSETS}/${file}`, APART[nameOf(file)] ?? '60 kB'))

export default [
  budget('JavaScript of the shell and 今日', ofFirst(FIRST), '110 kB'),
  budget('of which our own', ofFirst(['last-seen', 'shell', 'first-screen']), '35 kB'),
  budget('CSS of the first screens', `${ASSETS}/style-*.css`, '20 kB'),
  budget('CSS of the later pages', `${ASSETS}/later-pages-*.css`, '20 kB'),
  ...lazy,
]
