import { defineConfig } from 'vitest/config'

/** Real Chromium against the built app, three files at a time: each mostly waits while the others work. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['tests/browser/**/*.test.ts'],
    environment: 'node',
    maxWorkers: 3,
    // Within a file only the walk's parts: as many as there are cores.
    maxConcurrency: 2,
    // These only end what hangs; a state that is not reached is told by name before.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: ['tests/browser/support/say-browser.ts'],
  },
})
