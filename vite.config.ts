import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Viewers and their workers are large and used by few screens: fetched on use and cached then, never precached. */
const ON_DEMAND = ['**/pdf*.{js,mjs,css}', '**/viewer-*.js', '**/gallery-*.js']

export default defineConfig({
  root: import.meta.dirname,
  define: { APP_VERSION: JSON.stringify(version) },
  plugins: [
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
  ],
  build: {
    target: ['chrome100', 'safari15.4'],
    outDir: 'dist',
    sourcemap: false,
    assetsInlineLimit: 2048,
  },
  test: {
    environment: 'node',
    // A zone far from the bureau's, so that nothing passes by luck of the clock.
    env: { TZ: 'America/Los_Angeles' },
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/browser/**', 'tests/bench/**'],
    testTimeout: 20_000,
    // What is waited for only ends what hangs.
    expect: { poll: { timeout: 15_000 } },
    // Also on two cores, where Vitest alone would take one: half of the time is waiting for disks and processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
