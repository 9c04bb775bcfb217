import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import {
  checkZip,
  listZip,
  officeLimits,
  repackZip,
  unpackZip,
} from '../../../src/server/import/file/zip-limits.ts'
import { makeZip, utf8 } from './fixtures.ts'

const message = (result: { type: string; message?: string }) =>
  result.type === 'refused' ? result.message : result.type

/** Overwrites a number in the first directory entry: the lie that a crafted archive tells. */
function withDirectoryNumber(zip: Uint8Array, offset: number, value: number): Uint8Array {
  const copy = zip.slice()
  const view = new DataView(copy.buffer)
  for (let at = copy.length - 4; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === 0x02014b50) {
      view.setUint32(at + offset, value, true)
      return copy
    }
  }
  throw new Error('no directory entry')
}

describe('an archive within the limits', () => {
  it('is unpacked and packed again with the same content', () => {
    const result = unpackZip(makeZip({ 'word/a.xml': '<a/>'.repeat(500), 'b.txt': 'b' }))
    expect(result.type).toBe('unpacked')
    if (result.type !== 'unpacked') return
    const again = unpackZip(repackZip(result.files))
    expect(again).toEqual(result)
  })

  it('is unpacked only where asked', () => {
    const result = unpackZip(makeZip({ a: '1', b: '2' }), (name) => name === 'b')
    expect(result.type === 'unpacked' && [...result.files.keys()]).toEqual(['b'])
  })

  it('may hold office objects under embeddings/, which are not opened', () => {
    const result = unpackZip(
      makeZip({ 'word/embeddings/x.xlsx': makeZip({ a: '1' }), 'word/document.xml': '<a/>' }),
    )
    expect(result.type === 'unpacked' && [...result.files.keys()]).toEqual(['word/document.xml'])
  })
})

describe('attacks are refused before unpacking', () => {
  it('a bomb: 30 MB of zeros', () => {
    const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(30 * 1024 * 1024) }, { level: 9 })
    expect(bomb.length).toBeLessThan(100_000)
    expect(message(checkZip(bomb))).toContain('压缩比异常')
  })

  it('too large altogether, too many entries', () => {
    const zip = makeZip({ a: 'x'.repeat(900), b: 'y'.repeat(900) })
    expect(message(checkZip(zip, { ...officeLimits, maxUnpackedBytes: 1_000 }))).toContain('超过上限')
    expect(message(checkZip(zip, { ...officeLimits, maxEntries: 1 }))).toContain('2 个条目')
  })

  it.each(['../evil.xml', '/etc/passwd', 'word/../../x', 'C:/x', 'word\\x.xml', 'a\u0001b'])(
    'the path %s',
    (name) => {
      expect(message(checkZip(makeZip({ [name]: 'x' })))).toContain('指向外部的路径')
    },
  )

  it.each(['inner.zip', 'word/media/x.docx', 'plain.bin'])('an archive inside, named %s', (name) => {
    expect(message(unpackZip(makeZip({ [name]: makeZip({ a: '1' }) })))).toContain('还有压缩包')
  })

  it('an entry that declares less than it holds', () => {
    const zip = makeZip({ a: 'x'.repeat(100_000) })
    expect(unpackZip(withDirectoryNumber(zip, 24, 10)).type).toBe('refused')
  })

  it('an entry that declares more than it holds, or another checksum', () => {
    const zip = makeZip({ a: 'x'.repeat(1_000) })
    expect(unpackZip(withDirectoryNumber(zip, 24, 2_000)).type).toBe('refused')
    expect(unpackZip(withDirectoryNumber(zip, 16, 12_345)).type).toBe('refused')
  })

  it('a password', () => {
    expect(message(checkZip(withDirectoryNumber(makeZip({ a: 'x' }), 8, 1)))).toContain('密码')
  })

  it('two entries that share bytes, and the same name twice', () => {
    const zip = makeZip({ aa: 'x'.repeat(50), bb: 'x'.repeat(50) })
    expect(checkZip(withDirectoryNumber(zip, 42, 0)).type).toBe('refused')
    const text = Buffer.from(makeZip({ aa: '1', ab: '2' }))
      .toString('latin1')
      .replaceAll('ab', 'aa')
    expect(message(checkZip(new Uint8Array(Buffer.from(text, 'latin1'))))).toContain('出现了两次')
  })

  it('cut at every length, it is refused and never throws', () => {
    const zip = makeZip({ 'word/document.xml': '<a/>', b: 'b' })
    for (let length = 0; length < zip.length; length += 1) {
      expect(unpackZip(zip.subarray(0, length)).type).toBe('refused')
    }
  })

  it('flipped at every byte, it never throws', () => {
    const zip = makeZip({ 'word/document.xml': '<a/>'.repeat(20), b: 'b' })
    for (let at = 0; at < zip.length; at += 1) {
      const damaged = zip.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 0xff
      expect(['refused', 'unpacked']).toContain(unpackZip(damaged).type)
    }
  })

  it('something that is no zip', () => {
    expect(listZip(utf8('PK nothing')).type).toBe('refused')
    expect(listZip(new Uint8Array()).type).toBe('refused')
  })
})
