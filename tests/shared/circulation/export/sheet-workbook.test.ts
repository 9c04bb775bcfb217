/** 传阅单 as a spreadsheet: written by the library that phone and endpoint use, and read back. */
import { inflateSync } from 'node:zlib'
import { unzipSync } from 'fflate'
import readWorkbook from 'read-excel-file/node'
import { describe, expect, it } from 'vitest'
import { writeSheet } from '../../../../src/client/features/circulation/sheet/write-sheet.ts'
import type { Circulation } from '../../../../src/shared/circulation/circulation.ts'
import { signaturePng } from '../../../../src/shared/circulation/export/signature-png.ts'
import { sheetOf, type SheetFacts } from '../../../../src/shared/circulation/sheet.ts'
import type { RecipientChange } from '../../../../src/shared/circulation/recipient-change.ts'
import type { SignOff } from '../../../../src/shared/circulation/signing/sign-off.ts'

const SHA = 'a'.repeat(64)
const AT = Date.parse('2026-11-23T07:52:00+08:00')
const HAND = {
  kind: 'drawn',
  width: 1000,
  height: 400,
  strokes: [
    [100, 100, 500, 300, 900, 100],
    [200, 350],
  ],
} as const
const file = (name: string, sha256: string) => ({ sha256, name, mime: 'application/pdf', sizeBytes: 1 })
const revision = (n: number) => ({
  revision: n,
  file: file('正文.pdf', SHA),
  pages: 1,
  readingSha256: null,
  attachments: [{ file: file('附表.pdf', 'b'.repeat(64)), pages: 1, readingSha256: null }],
  at: AT,
  note: '',
})
const fields: Circulation = {
  unitId: 'b',
  documentId: 'd',
  documentNo: '办公室〔2026〕31 号',
  title: '关于延时服务的通知',
  issuer: '办公室',
  receivedOn: '2026-11-20',
  urgency: '加急',
  instructions: '请于周五前签阅',
  revisions: [revision(1)],
  recipients: [
    { personId: 'p1', name: '=HYPERLINK("http://x","点")' },
    { personId: 'p2', name: '+1+1' },
    { personId: 'p3', name: '-2' },
    { personId: 'p4', name: '@SUM(A1)' },
    { personId: 'p5', name: '陈思远' },
  ],
  dispatchedAt: AT,
  dispatchedBy: 'o',
  deadline: '2026-11-25',
  state: 'open',
}
const signed = (id: string, personId: string, part: Partial<SignOff> = {}) => ({
  id,
  fields: {
    circulationId: 'c',
    personId,
    signedBy: personId,
    revision: 1,
    sha256: SHA,
    mode: 'in-person',
    signature: HAND,
    opinion: '',
    signedAt: AT,
    ...part,
  } as SignOff,
})
const change = (id: string, personId: string, part: Partial<RecipientChange>) => ({
  id,
  fields: { circulationId: 'c', personId, name: '李后来', supersedes: [], ...part } as RecipientChange,
})
const facts: SheetFacts = {
  circulation: { id: 'c', fields },
  changes: [
    change('x1', 'p2', { change: 'excuse', reason: '=长期病假' }),
    change('x2', 'p6', { change: 'add', reason: '从外地调来' }),
  ],
  signOffs: [
    signed('s1', 'p1', { opinion: '=cmd|calc\u0000\n第二行 <b>&' }),
    signed('s2', 'p1', {
      mode: 'paper',
      signature: { kind: 'paper' },
      signedBy: 'p5',
      signedAt: AT + 60_000,
    }),
    signed('s3', 'p6', { signature: { kind: 'typed', name: '李后来' } }),
    signed('s4', 'p4', { mode: 'substitute', signedBy: 'p5' }),
  ],
}
const write = async (given: SheetFacts = facts) => {
  const receivedAt = new Map([['s1', AT + 5 * 60_000]])
  const sheet = sheetOf(given)
  const blob = await writeSheet({
    circulation: given.circulation.fields,
    sheet,
    unitName: '第一支部',
    receivedAt,
  })
  return { bytes: Buffer.from(await blob.arrayBuffer()), sheet }
}
const read = async (bytes: Buffer) => {
  const [first] = await readWorkbook(bytes)
  return first!.data.map((row) => row.map((value) => (value === null ? '' : String(value as string))))
}

describe('the spreadsheet of a circulation', () => {
  it('opens and has the head, a line for each sign-off and the notes', async () => {
    const { bytes, sheet } = await write()
    const rows = await read(bytes)
    const head = Object.fromEntries(rows.slice(1, 17).map((row) => [row[0], row[2]]))
    expect(head).toMatchObject({
      文件标题: '关于延时服务的通知',
      发文字号: '办公室〔2026〕31 号',
      来文单位: '办公室',
      来文日期: '2026-11-20',
      缓急: '加急',
      阅办要求: '请于周五前签阅',
      版次: '第 1 版',
      核验码: sheet.code,
    })
    expect(head['全部文件指纹']).toMatch(/^[0-9a-f]{64}$/)
    expect(head['附件 1']).toBe(`附表.pdf　${'b'.repeat(64)}`)
    const from = rows.findIndex((row) => row[0] === '序号')
    const lines = rows.slice(from + 1)
    expect(lines.map((row) => [row[0], row[1], row[2], row[3], row[4]])).toEqual([
      ['1', '=HYPERLINK("http://x","点")', '版本已更新', '本人签', '第 1 版'],
      ['1', '=HYPERLINK("http://x","点")', '版本已更新', '纸质补录', '第 1 版'],
      ['2', '+1+1', '免签', '', ''],
      ['3', '-2', '待阅', '', ''],
      ['4', '@SUM(A1)', '版本已更新', '代签', '第 1 版'],
      ['5', '陈思远', '待阅', '', ''],
      ['6', '李后来', '版本已更新', '本人签', '第 1 版'],
    ])
    expect(lines[0]!.slice(5, 7)).toEqual(['2026-11-23 07:52', '2026-11-23 07:57'])
    expect(lines.map((row) => row[7])).toEqual(['', '见纸质原件', '', '', '', '', '李后来（键盘输入）'])
    expect(lines.map((row) => row[9])).toEqual([
      '与另一份并存，尚未核定',
      '由陈思远补录；与另一份并存，尚未核定',
      '免签：=长期病假',
      '',
      '由陈思远代签',
      '',
      '后来加入：从外地调来',
    ])
    expect(lines[0]![8]).toBe('=cmd|calc\n第二行 <b>&')
  })

  it('holds no formula, whatever a name, an opinion or a reason begins with', async () => {
    const files = unzipSync((await write()).bytes)
    const sheet = Buffer.from(files['xl/worksheets/sheet1.xml']!).toString()
    expect(sheet).not.toMatch(/<f[ >]/)
    // Every cell with a value is a string of the shared table.
    expect(sheet.match(/<c [^>]*><v>/g)!.every((cell) => cell.includes('t="s"'))).toBe(true)
  })

  it('prints on A4 across: all columns on a page, their names and the number and code of the sheet on each', async () => {
    const { bytes, sheet } = await write()
    const files = unzipSync(bytes)
    const cells = Buffer.from(files['xl/worksheets/sheet1.xml']!).toString()
    expect(cells).toContain('paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"')
    expect(cells).toContain(`办公室〔2026〕31 号　关于延时服务的通知　核验码 ${sheet.code}</oddHeader>`)
    expect(cells.indexOf('<headerFooter>')).toBeLessThan(cells.indexOf('<drawing '))
    const names = (await read(bytes)).findIndex((row) => row[0] === '序号') + 1
    expect(Buffer.from(files['xl/workbook.xml']!).toString()).toContain(`!$${names}:$${names}<`)
  })

  it('has room for an opinion of several lines', async () => {
    const opinion = '已阅，建议各窗口照此安排并在晨会上说明。'.repeat(6)
    const given = {
      ...facts,
      signOffs: [signed('s1', 'p1', { opinion, signature: { kind: 'typed', name: '甲' } })],
    }
    const { bytes } = await write(given)
    const cells = Buffer.from(unzipSync(bytes)['xl/worksheets/sheet1.xml']!).toString()
    const at = (await read(bytes)).findIndex((row) => row[8] === opinion) + 1
    const height = new RegExp(`<row r="${at}"[^>]* ht="([\\d.]+)"`).exec(cells)?.[1]
    expect(Number(height)).toBeGreaterThan(60)
  })

  it('has each handwritten signature as a picture in its line', async () => {
    const files = unzipSync((await write()).bytes)
    const pictures = Object.keys(files).filter((name) => name.endsWith('.png'))
    expect(pictures).toHaveLength(2)
    const drawing = Buffer.from(files['xl/drawings/drawing1.xml']!).toString()
    const rows = await read((await write()).bytes)
    const from = rows.findIndex((row) => row[0] === '序号')
    expect([...drawing.matchAll(/<xdr:row>(\d+)<\/xdr:row>/g)].map(([, row]) => Number(row) - from)).toEqual([
      1, 5,
    ])
  })
})

describe('the picture of a signature', () => {
  const pixels = (png: Uint8Array, width: number, height: number) => {
    const at = Buffer.from(png).indexOf('IDAT')
    const length = Buffer.from(png).readUInt32BE(at - 4)
    const raw = inflateSync(png.subarray(at + 4, at + 4 + length))
    const rowBytes = Math.ceil(width / 2) + 1
    return Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => {
        const byte = raw[y * rowBytes + 1 + (x >> 1)]!
        return x % 2 === 0 ? byte >> 4 : byte & 15
      }),
    )
  }

  it('is a PNG that shows the strokes and their dots, and fits its box', () => {
    const picture = signaturePng(
      { ...HAND, strokes: HAND.strokes.map((s) => [...s]) },
      { width: 320, height: 88 },
    )!
    expect(picture.width).toBeLessThanOrEqual(320)
    expect(picture.height).toBeLessThanOrEqual(88)
    const grid = pixels(picture.png, picture.width, picture.height)
    const isDark = (x: number, y: number) =>
      grid[Math.round(((y - 76) / 298) * picture.height)]![Math.round(((x - 76) / 848) * picture.width)]! < 6
    expect([
      isDark(300, 200),
      isDark(700, 200),
      isDark(200, 350),
      isDark(500, 120),
      isDark(850, 330),
    ]).toEqual([true, true, true, false, false])
  })

  it('is not made of strokes that leave their box', () => {
    const outside = { ...HAND, strokes: [[0, 0, 9_007_199_254_740_991, 5]] }
    expect(signaturePng(outside, { width: 320, height: 88 })).toBeNull()
    expect(signaturePng({ ...HAND, strokes: [[1, 2, 3]] }, { width: 320, height: 88 })).toBeNull()
  })

  it('is not made of more than any pad makes, so that nobody waits for it', () => {
    const scribble = (points: number) => [
      Array.from({ length: points * 2 }, (_, at) => ((at * 7919) % 400) * (at % 2 === 0 ? 2 : 1)),
    ]
    expect(signaturePng({ ...HAND, strokes: scribble(5001) }, { width: 320, height: 88 })).toBeNull()
    expect(signaturePng({ ...HAND, strokes: scribble(5000) }, { width: 320, height: 88 })).not.toBeNull()
  })
})
