/** Builds the page of the benchmark into a throw-away folder, with the same targets as the app. */
import { join } from 'node:path'
import { build } from 'vite'

export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(import.meta.dirname, '../page'),
    logLevel: 'error',
    // One Dexie for all sides: it refuses to be loaded twice, and the comparison is the fairer for it.
    resolve: {
      dedupe: ['dexie'],
      alias: { dexie: join(import.meta.dirname, '../../../node_modules/dexie') },
    },
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      outDir,
      minify: !process.env.BENCH_PROFILE,
      emptyOutDir: true,
      target: ['chrome100', 'safari15.4'],
      chunkSizeWarningLimit: 5000,
    },
  })
}
