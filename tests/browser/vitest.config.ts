import { defineConfig } from 'vitest/config'

/** Real Chromium against the built app, one file after the other: the machine has two cores. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 120_000,
    // What is waited for only ends what hangs.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
    globalSetup: ['tests/browser/support/say-browser.ts'],
  },
})
