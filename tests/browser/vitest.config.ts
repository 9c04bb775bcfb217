import { defineConfig } from 'vitest/config'

/** Real Chromium against the built app, two files at a time: one mostly waits while the other works. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    maxWorkers: 2,
    testTimeout: 120_000,
    // What is waited for only ends what hangs.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 120_000,
    globalSetup: ['tests/browser/support/say-browser.ts'],
  },
})
