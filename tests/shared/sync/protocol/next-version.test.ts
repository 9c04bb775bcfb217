/** The endpoint is a version ahead of the phones: what they have queued is still taken. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { PROTOCOL_VERSION } from '../../../../src/shared/sync/protocol/protocol-version.ts'
import * as version1 from '../../../fixtures/traffic/version-1.schemas.ts'
import { replay } from '../../../support/replay-traffic.ts'
import type { Traffic } from '../../../support/traffic.ts'

vi.mock('../../../../src/shared/sync/protocol/protocol-version.ts', async (original) => {
  const real = await original<{ PROTOCOL_VERSION: number; OLDEST_PUSH_VERSION: number }>()
  return { ...real, PROTOCOL_VERSION: real.PROTOCOL_VERSION + 1 }
})

const file = join(import.meta.dirname, '../../../fixtures/traffic/version-1.json')

it('takes every push and answers every pull of version 1 as before', async () => {
  expect(PROTOCOL_VERSION).toBeGreaterThan(1)
  const traffic = JSON.parse(readFileSync(file, 'utf8')) as Traffic
  expect(await replay(traffic, version1)).toEqual([])
})
