import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { oleMime, sniffFile } from '../../../src/server/import/file/sniff.ts'
import { decodeText } from '../../../src/server/import/file/text-encoding.ts'
import {
  gbRoster,
  makeDocx,
  makePdf,
  makeXlsx,
  makeZip,
  oleFile,
  onePixelPng,
  utf16le,
  utf8,
} from './fixtures.ts'

describe('a file is what its bytes say', () => {
  it('tells the office formats and images from their content', async () => {
    expect(sniffFile(await makePdf(), 'a.pdf')).toEqual({
      kind: 'pdf',
      mime: 'application/pdf',
      agreesWithName: true,
    })
    expect(sniffFile(await makeDocx({ paragraphs: ['文'] }), 'A.DOCX')).toMatchObject({
      kind: 'docx',
      agreesWithName: true,
    })
    expect(sniffFile(await makeXlsx({ 甲: [['工号']] }), 'a.xlsx')).toMatchObject({
      kind: 'xlsx',
      agreesWithName: true,
    })
    expect(sniffFile(onePixelPng, 'a.png')).toMatchObject({ kind: 'png', agreesWithName: true })
    expect(sniffFile(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]), 'a.JPG')).toMatchObject({
      kind: 'jpeg',
      agreesWithName: true,
    })
  })

  it.each([
    [{ 'OFD.xml': '<OFD/>', 'Doc_0/Document.xml': '<x/>' }, 'ofd'],
    [{ mimetype: 'application/epub+zip', 'META-INF/container.xml': '<x/>' }, 'zip'],
    [{ 'a.txt': 'x' }, 'zip'],
    [{ '[Content_Types].xml': '<x/>', 'ppt/presentation.xml': '<x/>' }, 'zip'],
  ])('looks into a zip: %o is %s', (files, kind) => {
    expect(sniffFile(makeZip(files as Record<string, string>), `a.${kind}`).kind).toBe(kind)
  })

  it.each([
    ['notes.pdf', utf8('只是文字'), 'txt'],
    ['notes.docx', utf8('%PDF-1.7\n...'), 'pdf'],
    ['notes.md', utf8('<!DOCTYPE html><html></html>'), 'html'],
    ['notes.md', utf8('\uFEFF \n<!-- x --><script>alert(1)</script>'), 'html'],
    ['a.png', utf8('<?xml version="1.0"?><svg onload="x"/>'), 'svg'],
    ['a.md', Uint8Array.from([0, 1, 2, 3, 255]), 'unknown'],
    ['a.md', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]), 'unknown'],
    ['a.md', new Uint8Array(), 'unknown'],
    ['a.docx', utf8('PK\u0003\u0004 but nothing else'), 'zip'],
  ])('%s that holds something else does not agree with its name', (name, bytes, kind) => {
    expect(sniffFile(bytes, name)).toMatchObject({ kind, agreesWithName: false })
  })

  it('knows an EPUB by its first entry, which is stored plainly', () => {
    const epub = zipSync({
      mimetype: [utf8('application/epub+zip'), { level: 0 }],
      'META-INF/container.xml': utf8('<x/>'),
    })
    expect(sniffFile(epub, '书.epub')).toMatchObject({ kind: 'epub', agreesWithName: true })
  })

  it('names choose only among plain texts', () => {
    expect(sniffFile(utf8('# 题'), '题.md').kind).toBe('md')
    expect(sniffFile(gbRoster, '名册.csv')).toMatchObject({ kind: 'csv', agreesWithName: true })
    expect(sniffFile(utf16le('工号\t姓名'), '名册.txt')).toMatchObject({ kind: 'txt', agreesWithName: true })
  })

  it('knows old Office files without opening them', () => {
    expect(sniffFile(oleFile('WordDocument'), 'a.docx')).toEqual({
      kind: 'unknown',
      mime: oleMime,
      agreesWithName: false,
    })
  })
})

describe('text is decoded without a replaced character, or refused', () => {
  it.each([
    [utf8('支部'), 'utf-8', '支部'],
    [utf8('\uFEFF支部'), 'utf-8-bom', '支部'],
    [utf16le('支部'), 'utf-16le', '支部'],
    [Uint8Array.from([0xfe, 0xff, 0x65, 0x2f]), 'utf-16be', '支'],
    [gbRoster, 'gb18030', '工号,姓名\n001,张三'],
    [Uint8Array.from([0x81, 0x30, 0x81, 0x30]), 'gb18030', '\u0080'],
    [new Uint8Array(), 'utf-8', ''],
  ])('%#: %s', (bytes, encoding, text) => {
    expect(decodeText(bytes)).toEqual({ type: 'text', text, encoding })
  })

  it('does not take damaged UTF-8 for GB18030', () => {
    const bytes = utf8('每周一课：廉政提醒，八小时以外')
    expect(decodeText(bytes.slice(0, -1))).toMatchObject({
      type: 'refused',
      message: expect.stringContaining('UTF-8'),
    })
    bytes[10] = 0xff
    expect(decodeText(bytes).type).toBe('refused')
  })

  it.each([
    ['an odd UTF-16', Uint8Array.from([0xff, 0xfe, 0x41])],
    ['a lone surrogate', Uint8Array.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00])],
    ['a NUL', utf8('a\0b')],
    ['no encoding at all', Uint8Array.from([0xff, 0xff, 0x20, 0xff])],
  ])('refuses %s', (_name, bytes) => {
    expect(decodeText(bytes).type).toBe('refused')
  })
})
