/**
 * The sealed envelope of a backup: bytes in, bytes out; what they mean stands in contents.ts.
 *
 *     window-hall-backup 1\n
 *     {"N":131072,"r":8,"p":1,"salt":"…"}\n
 *     HMAC-SHA256 over both lines, hex\n
 *     frames: length (4 bytes, highest bit: the last one) · AES-256-GCM ciphertext · tag (16 bytes)
 *
 * Guarantees, to whoever opens one: not a byte is handed out that the holder of the passphrase did not seal, in this place and
 * in this order (the nonce counts the frames and says which is the last, the header is authenticated with each). A file that was
 * cut, lengthened, reordered or altered anywhere throws, the end of it included: only who has read to the end knows it is whole.
 *
 * Both keys come from the passphrase by scrypt with a salt of this file alone, so a nonce is never used twice under one key.
 *
 * History of the format:
 *   1  first version
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from 'node:crypto'
import { BackupTrouble } from './trouble.ts'

export const FORMAT_VERSION = 1
const MAGIC = 'window-hall-backup'
const FRAME_BYTES = 256 * 1024
const TAG_BYTES = 16
const LENGTH_BYTES = 4
const LAST = 0x8000_0000
const MAX_HEADER_BYTES = 1024
/** 128 MiB and a good part of a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 }
/** What a header may ask for: a made-up one must not take all memory. */
const MAX_COST = { N: 2 ** 19, r: 16, p: 4 }

export type Cost = typeof COST
interface Keys {
  seal: Buffer
  header: Buffer
}

async function deriveKeys(passphrase: string, salt: Buffer, { N, r, p }: Cost): Promise<Keys> {
  const both = await new Promise<Buffer>((resolve, reject) =>
    scrypt(passphrase, salt, 64, { N, r, p, maxmem: 128 * N * r * 2 + 1024 * 1024 }, (problem, key) =>
      problem === null ? resolve(key) : reject(problem),
    ),
  )
  return { seal: both.subarray(0, 32), header: both.subarray(32) }
}

/** 3 bytes of nothing, the frame's number, and whether it is the last. */
function nonceOf(frame: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(frame), 3)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

const headerMac = (key: Buffer, lines: Buffer): string =>
  createHmac('sha256', key).update(lines).digest('hex')

/** @param cost for tests, which have no secret to keep */
export async function* seal(
  passphrase: string,
  content: AsyncIterable<Uint8Array>,
  cost: Cost = COST,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(32)
  const keys = await deriveKeys(passphrase, salt, cost)
  const lines = Buffer.from(
    `${MAGIC} ${FORMAT_VERSION}\n${JSON.stringify({ ...cost, salt: salt.toString('base64url') })}\n`,
  )
  const header = Buffer.concat([lines, Buffer.from(`${headerMac(keys.header, lines)}\n`)])
  const bound = createHash('sha256').update(header).digest()
  yield header
  let frame = 0
  const sealed = (plain: Buffer, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', keys.seal, nonceOf(frame++, isLast))
    cipher.setAAD(bound)
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE((plain.length + (isLast ? LAST : 0)) >>> 0)
    return Buffer.concat([length, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  for await (const chunk of content) {
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes <= FRAME_BYTES) continue
    let plain = Buffer.concat(waiting)
    for (; plain.length > FRAME_BYTES; plain = plain.subarray(FRAME_BYTES))
      yield sealed(plain.subarray(0, FRAME_BYTES), false)
    waiting = [plain]
    waitingBytes = plain.length
  }
  yield sealed(Buffer.concat(waiting), true)
}

/** Reads so many bytes at a time from chunks of any size. */
export function createByteReader(chunks: AsyncIterable<Uint8Array>) {
  const source = chunks[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const fill = async (bytes: number): Promise<boolean> => {
    const parts = [held]
    let have = held.length
    while (have < bytes) {
      const next = await source.next()
      if (next.done === true) break
      parts.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength))
      have += next.value.length
    }
    if (parts.length > 1) held = Buffer.concat(parts)
    return have >= bytes
  }
  return {
    /** undefined when fewer are left. */
    async take(bytes: number): Promise<Buffer | undefined> {
      if (!(await fill(bytes))) return undefined
      const taken = held.subarray(0, bytes)
      held = held.subarray(bytes)
      return taken
    },
    /** Up to a line break, without it; undefined when none comes within `most` bytes. */
    async line(most: number): Promise<Buffer | undefined> {
      for (let want = 1; ;) {
        const at = held.indexOf(10)
        if (at !== -1 && at <= most) {
          const line = held.subarray(0, at)
          held = held.subarray(at + 1)
          return line
        }
        if (at !== -1 || held.length > most) return undefined
        want = held.length + 1
        if (!(await fill(want))) return undefined
      }
    },
    isAtEnd: async (): Promise<boolean> => !(await fill(1)),
    /** Nothing more is read; the file is closed. */
    close: async (): Promise<void> => void (await source.return?.()),
  }
}
export type ByteReader = ReturnType<typeof createByteReader>

export const SENTENCES = {
  foreign: '这不是窗口先锋的备份文件。',
  newer: '这份备份由更新的版本写成，请先更新程序再恢复。',
  wrongKey: '口令不对，或文件开头已损坏。请核对 BACKUP_KEY 或 --key-file。',
  damaged: '备份文件已损坏或被改动，不能使用。请换一份备份。',
  cut: '备份文件不完整（被截断），不能使用。请换一份备份。',
} as const

interface Header {
  bytes: Buffer
  lines: Buffer
  mac: string
  salt: Buffer
  cost: Cost
}

async function readHeader(reader: ByteReader): Promise<Header> {
  const first = (await reader.line(MAX_HEADER_BYTES))?.toString('latin1')
  const version = /^window-hall-backup (\d{1,9})$/.exec(first ?? '')?.[1]
  if (version === undefined) throw new BackupTrouble(SENTENCES.foreign)
  if (Number(version) > FORMAT_VERSION) throw new BackupTrouble(SENTENCES.newer)
  const second = (await reader.line(MAX_HEADER_BYTES))?.toString('latin1')
  const third = (await reader.line(MAX_HEADER_BYTES))?.toString('latin1')
  if (second === undefined || third === undefined) throw new BackupTrouble(SENTENCES.cut)
  const parsed = costAndSalt(second)
  if (Number(version) < 1 || parsed === undefined) throw new BackupTrouble(SENTENCES.damaged)
  const lines = Buffer.from(`${first}\n${second}\n`, 'latin1')
  return { ...parsed, lines, mac: third, bytes: Buffer.concat([lines, Buffer.from(`${third}\n`, 'latin1')]) }
}

function costAndSalt(text: string): { salt: Buffer; cost: Cost } | undefined {
  try {
    const { N, r, p, salt } = JSON.parse(text) as Record<string, unknown>
    const isCount = (value: unknown, most: number): value is number =>
      Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
    if (!isCount(N, MAX_COST.N) || !isCount(r, MAX_COST.r) || !isCount(p, MAX_COST.p)) return undefined
    if (N < 2 || (N & (N - 1)) !== 0 || typeof salt !== 'string') return undefined
    return { salt: Buffer.from(salt, 'base64url'), cost: { N, r, p } }
  } catch (problem) {
    if (problem instanceof SyntaxError || problem instanceof TypeError) return undefined
    throw problem
  }
}

/**
 * What was sealed, frame by frame. @throws BackupTrouble for everything that isn't an unharmed backup under this passphrase
 */
export async function* open(passphrase: string, file: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const reader = createByteReader(file)
  try {
    const header = await readHeader(reader)
    const keys = await deriveKeys(passphrase, header.salt, header.cost)
    const mac = Buffer.from(headerMac(keys.header, header.lines))
    const told = Buffer.from(header.mac, 'latin1')
    if (told.length !== mac.length || !timingSafeEqual(told, mac)) throw new BackupTrouble(SENTENCES.wrongKey)
    const bound = createHash('sha256').update(header.bytes).digest()
    for (let frame = 0, isLast = false; !isLast; frame++) {
      const length = (await reader.take(LENGTH_BYTES))?.readUInt32BE()
      if (length === undefined) throw new BackupTrouble(SENTENCES.cut)
      isLast = length >= LAST
      const bytes = isLast ? length - LAST : length
      if (bytes > FRAME_BYTES) throw new BackupTrouble(SENTENCES.damaged)
      const sealed = await reader.take(bytes + TAG_BYTES)
      if (sealed === undefined) throw new BackupTrouble(SENTENCES.cut)
      yield unsealed(keys.seal, nonceOf(frame, isLast), bound, sealed)
    }
    if (!(await reader.isAtEnd())) throw new BackupTrouble(SENTENCES.damaged)
  } finally {
    await reader.close()
  }
}

function unsealed(key: Buffer, nonce: Buffer, bound: Buffer, sealed: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(bound)
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  const plain = cipher.update(sealed.subarray(0, sealed.length - TAG_BYTES))
  try {
    return Buffer.concat([plain, cipher.final()])
  } catch (problem) {
    throw new BackupTrouble(SENTENCES.damaged, { cause: problem })
  }
}
