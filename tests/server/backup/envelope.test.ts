/** The sealed envelope, attacked: whoever opens it gets exactly what was sealed, or an error. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { open, seal, SENTENCES } from '../../../src/server/backup/envelope.ts'
import { readPassphrase } from '../../../src/server/backup/passphrase.ts'
import { BackupTrouble } from '../../../src/server/backup/trouble.ts'
import { CHEAP, PASSPHRASE } from '../../support/restoring.ts'

const FRAME = 256 * 1024

async function* chunksOf(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const collect = async (source: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = []
  for await (const part of source) parts.push(Uint8Array.from(part))
  return Buffer.concat(parts)
}
const sealed = (content: Uint8Array, passphrase = PASSPHRASE) =>
  collect(seal(passphrase, chunksOf(content, 100_000), CHEAP))
const opened = (file: Uint8Array, passphrase = PASSPHRASE, size?: number) =>
  collect(open(passphrase, chunksOf(file, size)))
const bytesOf = (length: number, seed = 7) =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed + (at >> 8)) % 256)
const sentenceOf = async (file: Uint8Array, passphrase?: string) => {
  try {
    await opened(file, passphrase)
  } catch (problem) {
    if (problem instanceof BackupTrouble) return problem.message
    throw problem
  }
  throw new Error('it was opened')
}
const headerEnd = (file: Buffer) => {
  let at = 0
  for (let line = 0; line < 3; line++) at = file.indexOf(10, at) + 1
  return at
}
/** Where each frame begins and ends. */
const framesOf = (file: Buffer) => {
  const frames: [number, number][] = []
  for (let at = headerEnd(file); at < file.length;) {
    const end = at + 4 + (file.readUInt32BE(at) & 0x7fff_ffff) + 16
    frames.push([at, end])
    at = end
  }
  return frames
}

it('gives back what was sealed, whatever its length and however it is cut on the way', async () => {
  for (const length of [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME + 5]) {
    const content = bytesOf(length)
    const file = await sealed(content)
    for (const size of [undefined, 1_000, 65_537]) {
      expect(Buffer.compare(await opened(file, PASSPHRASE, size), content)).toBe(0)
    }
  }
})

describe('an altered file', () => {
  it('is refused, whichever bit was changed', async () => {
    const content = bytesOf(900)
    const file = await sealed(content)
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        const altered = Buffer.from(file)
        altered[at]! ^= 1 << bit
        await expect(opened(altered)).rejects.toThrow(BackupTrouble)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused, wherever it was cut, and when something was put behind it', async () => {
    const file = await sealed(bytesOf(2 * FRAME + 10))
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), async (length) => {
        await expect(opened(file.subarray(0, length))).rejects.toThrow(BackupTrouble)
      }),
      { numRuns: 100 },
    )
    for (const [, end] of framesOf(file).slice(0, -1))
      expect(await sentenceOf(file.subarray(0, end))).toBe(SENTENCES.cut)
    await expect(opened(Buffer.concat([file, Buffer.from([0])]))).rejects.toThrow(BackupTrouble)
    await expect(opened(Buffer.concat([file, file]))).rejects.toThrow(BackupTrouble)
  })

  it('is refused when frames were swapped, repeated, left out, or taken from another backup of the same passphrase', async () => {
    const file = await sealed(bytesOf(3 * FRAME))
    const other = await sealed(bytesOf(3 * FRAME, 99))
    const frames = framesOf(file).map(([from, to]) => file.subarray(from, to))
    const [a, b, c] = frames as [Buffer, Buffer, Buffer]
    const [from, to] = framesOf(other)[1]!
    const head = file.subarray(0, headerEnd(file))
    const attempts = [[b, a, c], [a, a, b, c], [a, c], [c], [a, other.subarray(from, to), c]]
    for (const attempt of attempts)
      expect(await sentenceOf(Buffer.concat([head, ...attempt]))).toBe(SENTENCES.damaged)
    const otherHead = other.subarray(0, headerEnd(other))
    expect(await sentenceOf(Buffer.concat([otherHead, ...frames]))).toBe(SENTENCES.damaged)
  })

  it('hands out nothing of a frame that does not hold', async () => {
    const file = await sealed(bytesOf(2 * FRAME + 10))
    file[file.length - 20]! ^= 1
    let got = 0
    const reading = async () => {
      for await (const part of open(PASSPHRASE, chunksOf(file))) got += part.length
    }
    await expect(reading()).rejects.toThrow(SENTENCES.damaged)
    expect(got).toBe(2 * FRAME)
  })
})

describe('a file that is not ours to open', () => {
  it('says which: another passphrase, another kind, a newer version', async () => {
    const file = await sealed(bytesOf(10))
    expect(await sentenceOf(file, 'another passphrase')).toBe(SENTENCES.wrongKey)
    expect(await sentenceOf(Buffer.from('PK\u0003\u0004 something else'))).toBe(SENTENCES.foreign)
    expect(await sentenceOf(Buffer.alloc(0))).toBe(SENTENCES.foreign)
    expect(await sentenceOf(Buffer.alloc(100_000, 65))).toBe(SENTENCES.foreign)
    const newer = Buffer.from(
      file.toString('latin1').replace('window-hall-backup 1', 'window-hall-backup 2'),
      'latin1',
    )
    expect(await sentenceOf(newer)).toBe(SENTENCES.newer)
  })

  it('cannot make us take all memory for its key', async () => {
    for (const cost of [
      { N: 2 ** 30, r: 8, p: 1 },
      { N: 1024, r: 2 ** 20, p: 1 },
      { N: 3, r: 1, p: 1 },
    ]) {
      const header = `window-hall-backup 1\n${JSON.stringify({ ...cost, salt: 'AAAA' })}\n${'0'.repeat(64)}\n`
      expect(await sentenceOf(Buffer.from(header))).toBe(SENTENCES.damaged)
    }
  })

  it('never seals two backups alike', async () => {
    const [a, b] = [await sealed(bytesOf(100)), await sealed(bytesOf(100))]
    expect(a.subarray(headerEnd(a)).equals(b.subarray(headerEnd(b)))).toBe(false)
  })
})

describe('the passphrase', () => {
  it('is asked for, and refused when it is too short', () => {
    expect(() => readPassphrase(undefined, {})).toThrow(/BACKUP_KEY/)
    expect(() => readPassphrase(undefined, { BACKUP_KEY: '' })).toThrow(/--key-file/)
    expect(() => readPassphrase(undefined, { BACKUP_KEY: '十一个字不够长不够长啊' })).toThrow(/12/)
    expect(readPassphrase(undefined, { BACKUP_KEY: '十二个字就够长了够长了呀' })).toHaveLength(12)
    expect(() => readPassphrase('/no/such/file', { BACKUP_KEY: PASSPHRASE })).toThrow(/没有这个文件/)
  })
})
