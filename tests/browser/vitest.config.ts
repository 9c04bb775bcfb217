import { defineConfig } from 'vitest/config'

/** Real Chromium against the built app, two files at a time: three keep two cores so busy (98 %) that a page waits half a minute for its turn. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    maxWorkers: 2,
    // Within a file only the walk's parts: as many as there are cores.
    maxConcurrency: 2,
    // These only end what hangs; a state that is not reached is told by name before.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['tests/browser/support/say-browser.ts'],
  },
})
