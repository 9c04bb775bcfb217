// @vitest-environment happy-dom
/** The installation of the service worker: several files at a time, all of them, and none after a failure. */
import { expect, it } from 'vitest'
import { inLanes } from '../../../src/client/pwa/keep-shell.ts'

const files = Array.from({ length: 40 }, (_, n) => n)
const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 1))

it('keeps every file once, in order, never more than so many on their way', async () => {
  const begun: number[] = []
  let under = 0
  let most = 0
  await inLanes(files, 12, async (file) => {
    begun.push(file)
    most = Math.max(most, (under += 1))
    await soon()
    under -= 1
  })
  expect(begun).toEqual(files)
  expect(most).toBe(12)
  expect(under).toBe(0)
})

it('fails when one cannot be had, and asks for no more', async () => {
  const begun: number[] = []
  const failing = inLanes(files, 4, async (file) => {
    begun.push(file)
    await soon()
    if (file === 5) throw new Error('gone')
  })
  await expect(failing).rejects.toThrow('gone')
  const asked = begun.length
  await soon()
  await soon()
  expect(begun.length).toBe(asked)
  expect(asked).toBeLessThan(12)
})
