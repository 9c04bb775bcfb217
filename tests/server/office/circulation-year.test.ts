/** The archive of a year: who gets it, what is in it, that it is whole and can be checked without the endpoint. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import readWorkbook from 'read-excel-file/node'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OperatorCommand, OperatorContext } from '../../../src/server/operator/command.ts'
import { exportCirculationsCommand } from '../../../src/server/operator/export/export-circulations.ts'
import { verifyCirculationCommand } from '../../../src/server/operator/verify/verify-circulation.ts'
import { readBundle } from '../../../src/shared/circulation/bundle/bundle.ts'
import { readYearList, yearStatement } from '../../../src/shared/circulation/bundle/year.ts'
import { circulationId } from '../../../src/shared/circulation/circulation.ts'
import { fileNameOf, originalName, createNames } from '../../../src/shared/circulation/export/file-names.ts'
import { zipOf, type ZipContent } from '../../../src/server/office/circulation-year/zip-writer.ts'
import { signatureHolds } from '../../../src/server/auth/signatures.ts'
import { branchId, MONDAY, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, uid } from '../../support/samples.ts'
import { queueOf } from '../attack.ts'

let endpoint: TestEndpoint
let ground: Awaited<ReturnType<typeof layGround>>
beforeEach(async () => {
  endpoint = await setupEndpoint()
  ground = await layGround(endpoint)
})
afterEach(async () => {
  expect(endpoint.problems).toEqual([])
  await endpoint.close()
})

const ask = async (staffNo: string, path = 'circulation-year?year=2026') =>
  await (await queueOf(endpoint, staffNo)).send(`/api/office/${path}`)
const filesOf = async (answer: Response): Promise<Map<string, Buffer>> =>
  new Map(
    Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer()))).map(([path, bytes]) => [
      path,
      Buffer.from(bytes),
    ]),
  )
const notes = async () =>
  (await endpoint.store.read((tx) => tx.records({ types: ['circulation-export'] }))).map(
    ({ fields }) => JSON.parse(fields) as { year: string; exportedBy: string; name: string },
  )

/** The ground's circulation once more, for another branch and another document. */
async function circulate(n: number, branch: string, part: Record<string, unknown>): Promise<void> {
  const rows = await endpoint.store.read((tx) => tx.records({ types: ['circulation'] }))
  const fields = JSON.parse(rows.find(({ id }) => id === ground.circulation)!.fields) as Record<
    string,
    unknown
  >
  const unitId = branchId(branch)
  const id = circulationId(uid(n), unitId)
  await endpoint.put('circulation', id, { ...(fields as object), unitId, documentId: uid(n), ...part })
}

describe('the archive of a year', () => {
  it('is for the office alone, and who took it is written down before', async () => {
    for (const staffNo of ['0001', '1001', '1003', '2001'])
      for (const path of ['circulation-year?year=2026', 'circulation-years'])
        expect((await ask(staffNo, path)).status).toBe(403)
    expect(await notes()).toEqual([])
    const answer = await ask('9001')
    expect(answer.status).toBe(200)
    expect(await notes()).toMatchObject([{ year: '2026', exportedBy: personIdOf('9001'), name: '何伟' }])
    await answer.arrayBuffer()
    expect((await ask('9001', 'circulation-year?year=26')).status).toBe(400)
    expect((await ask('9001', 'circulation-year')).status).toBe(400)
  })

  it('has for each circulation its sheet and its file for checking, the originals once, an index and how to check', async () => {
    await circulate(3, '第二支部', {})
    await circulate(70, '第二支部', {
      dispatchedAt: MONDAY + 1,
      title: '=另一份：关于“a/b”的<通知>?* ',
      documentNo: '',
    })
    await circulate(71, '第二支部', { title: '去年的', dispatchedAt: MONDAY - 365 * 86_400_000 })
    const files = await filesOf(await ask('9001'))
    const folder = '0001 2026-11-23 办公室〔2026〕31 号 示例通知'
    const other = '0002 2026-11-23 =另一份：关于“a b”的 通知'
    expect([...files.keys()].toSorted()).toEqual(
      [
        '说明.txt',
        '目录.xlsx',
        '清单.json',
        ...[folder, other].flatMap((f) => [
          `${f}/原件/第1版 正文 示例.md`,
          `${f}/第二支部 传阅单.xlsx`,
          `${f}/第二支部 核对文件.json`,
        ]),
        `${folder}/第一支部 传阅单.xlsx`,
        `${folder}/第一支部 核对文件.json`,
      ].toSorted(),
    )
    expect(
      createHash('sha256')
        .update(files.get(`${folder}/原件/第1版 正文 示例.md`)!)
        .digest('hex'),
    ).toBe(ground.sha256)
    const read = readBundle(files.get(`${folder}/第一支部 核对文件.json`)!.toString())
    expect(read.ok && read.bundle.circulation.id).toBe(ground.circulation)
    const [index] = await readWorkbook(files.get('目录.xlsx')!)
    const cells = index!.data
    expect(cells.map((row) => row[3])).toEqual([
      '标题',
      '示例通知',
      '示例通知',
      '=另一份：关于“a/b”的<通知>?*',
    ])
    expect(cells[1]!.slice(7, 12)).toEqual([2, 0, 2, 0, 0])
    // Printed as it is: all columns on a page's width.
    const sheet = unzipSync(files.get('目录.xlsx')!)['xl/worksheets/sheet1.xml']!
    expect(Buffer.from(sheet).toString()).toContain('fitToWidth="1"')
    expect(files.get('说明.txt')!.toString()).toContain('verify-circulation')
    const years = (await (await ask('9001', 'circulation-years')).json()) as { years: unknown[] }
    expect(years.years).toEqual([
      { year: '2026', documents: 2, circulations: 3 },
      { year: '2025', documents: 1, circulations: 1 },
    ])
  })

  it('lists every file with its hash, sealed by the endpoint', async () => {
    const files = await filesOf(await ask('9001'))
    const list = readYearList(files.get('清单.json')!.toString())!
    expect(list.files.map(({ path }) => path).toSorted()).toEqual(
      [...files.keys()].filter((path) => path !== '清单.json').toSorted(),
    )
    for (const { path, sha256 } of list.files)
      expect(createHash('sha256').update(files.get(path)!).digest('hex')).toBe(sha256)
    expect(await signatureHolds(list.publicKey, list.seal.signature, yearStatement(list))).toBe(true)
    expect(
      await signatureHolds(list.publicKey, list.seal.signature, yearStatement({ ...list, year: '2025' })),
    ).toBe(false)
  })

  it('says which original is gone, leaves them all out when asked, and is whole when there is nothing', async () => {
    await endpoint.blobs.remove(ground.sha256)
    const gone = await filesOf(await ask('9001'))
    expect([...gone.keys()].some((path) => path.includes('/原件/'))).toBe(false)
    const [index] = await readWorkbook(gone.get('目录.xlsx')!)
    expect(index!.data[1]!.at(-1)).toBe('示例.md')
    const without = await filesOf(await ask('9001', 'circulation-year?year=2026&originals=no'))
    expect(without.get('说明.txt')!.toString()).toContain('没有附原件')
    expect([...(await filesOf(await ask('9001', 'circulation-year?year=1999'))).keys()]).toEqual([
      '说明.txt',
      '目录.xlsx',
      '清单.json',
    ])
  })

  it('is made one at a time, and anew after somebody broke off', async () => {
    const first = await ask('9001')
    const second = await ask('9002')
    expect(second.status).toBe(503)
    expect(((await second.json()) as { error: { message: string } }).error.message).toContain(
      '一次只能导一份',
    )
    await first.body!.cancel()
    const third = await ask('9002')
    expect(third.status).toBe(200)
    await third.arrayBuffer()
    expect((await ask('9002')).status).toBe(200)
  })
})

describe('checking the archive', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wh-year-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = async (command: OperatorCommand, part: Partial<OperatorContext>) => {
    const said: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line))
    const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line))
    const { store, blobs } = endpoint
    const context = {
      store,
      blobs,
      words: [],
      options: {},
      flags: new Set<string>(),
      dataDir: folder,
      now: MONDAY,
    }
    const done = await command.run({ ...context, ...part })
    log.mockRestore()
    error.mockRestore()
    return { done, said: said.join('\n') }
  }
  const verify = (bytes: Uint8Array) => {
    const path = join(folder, 'year.zip')
    writeFileSync(path, bytes)
    return run(verifyCirculationCommand, { words: [path] })
  }
  const archive = async () => {
    const queue = await queueOf(endpoint, '1003')
    const sample = {
      unitId: branchId('第一支部'),
      circulationId: ground.circulation,
      documentId: uid(3),
      personId: personIdOf('1003'),
      signedBy: personIdOf('1003'),
      revision: 1,
      sha256: ground.sha256,
      mode: 'in-person',
      signature: { kind: 'drawn', width: 1000, height: 400, strokes: [[10, 10, 500, 300]] },
      signedAt: MONDAY,
      keyId: null,
      deviceSignature: null,
    }
    await queue.offer({ type: 'sign-off', id: 'signed', fields: sample })
    await circulate(3, '第二支部', {})
    return await filesOf(await ask('9001'))
  }
  const packed = (files: ReadonlyMap<string, Uint8Array>) => zipSync(Object.fromEntries(files))

  it('says that it holds, with its originals', async () => {
    const { done, said } = await verify(packed(await archive()))
    expect(said).toContain('封签：成立')
    expect(said).toContain('原件 1 个，与签字的指纹相同。')
    expect(said).toContain('共 2 次传阅，全部成立。')
    expect(done).toBe(true)
  })

  it('notices a change of any file in it, one that was added and one that was taken away', async () => {
    const files = await archive()
    for (const [path, bytes] of files) {
      // Another digit of the same kind, in the middle: what is left can still be read as what it is.
      const changed = Buffer.from(bytes)
      changed[changed.length >> 1] = changed[changed.length >> 1]! ^ 1
      const altered = await verify(packed(new Map([...files, [path, changed]])))
      expect([path, altered.done]).toEqual([path, false])
      if (path !== '清单.json') expect(altered.said).toContain(path)
      const without = new Map(files)
      without.delete(path)
      const less = await verify(packed(without))
      expect([path, less.done]).toEqual([path, false])
      expect(less.said).toContain(path === '清单.json' ? '没有清单' : `${path}：导出时有，现在没有了`)
    }
    const more = await verify(packed(new Map([...files, ['后来的.txt', Buffer.from('x')]])))
    expect(more.said).toContain('后来的.txt：导出时没有这个文件')
    expect(more.done).toBe(false)
  })

  it('notices an original that is not what was signed, also where nobody sealed a list', async () => {
    const files = await archive()
    files.delete('清单.json')
    const path = [...files.keys()].find((one) => one.includes('/原件/'))!
    files.set(path, Buffer.from('# 另一份\n'))
    const { done, said } = await verify(packed(files))
    expect(done).toBe(false)
    expect(said).toContain(`${path}：与签字的文件指纹不符`)
  })

  it('says in a sentence what a damaged or hostile archive is', async () => {
    const whole = Buffer.from(packed(await archive()))
    const cut = await verify(whole.subarray(0, whole.length - 30))
    expect([cut.done, cut.said]).toEqual([false, expect.stringContaining('不完整，或者已损坏')])
    const other = await verify(zipSync({ 'a.txt': Buffer.from('x') }))
    expect(other.said).toContain('没有传阅核对文件')
    // 70 MB of nothing that says it is a file for checking, and one that unpacks to more than it says.
    const bomb = zipSync({ 'x/甲 核对文件.json': new Uint8Array(70 * 1024 * 1024) })
    expect((await verify(bomb)).said).toContain('大得不合常理')
    const liar = Buffer.from(zipSync({ 'x/甲 核对文件.json': new Uint8Array(1024 * 1024) }))
    for (const at of [22, liar.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24]) liar.writeUInt32LE(10, at)
    expect((await verify(liar)).said).toContain('损坏，读不出来')
    for (let at = 0; at < 40; at++) {
      const noise = Buffer.from(whole)
      for (let n = 0; n < 8; n++)
        noise[Math.abs((at * 7919 + n * 104729) % noise.length)] = (at * 31 + n) & 255
      expect((await verify(noise)).done).toBe(false)
    }
  }, 60_000)

  it('is exported and checked by the operator, into a file and into a folder', async () => {
    await archive()
    const out = join(folder, 'out.zip')
    const made = await run(exportCirculationsCommand, { options: { year: '2026', out } })
    expect([made.done, made.said]).toEqual([true, expect.stringContaining('2 次传阅')])
    expect((await run(verifyCirculationCommand, { words: [out] })).done).toBe(true)
    expect((await run(exportCirculationsCommand, { options: { year: '2026', out } })).said).toContain(
      '没有覆盖',
    )
    const outFolder = join(folder, 'out')
    const flags = new Set(['no-originals'])
    expect(
      (await run(exportCirculationsCommand, { options: { year: '2026', out: outFolder }, flags })).done,
    ).toBe(true)
    const [document] = readdirSync(outFolder).filter((name) => name.startsWith('0001'))
    expect(readdirSync(join(outFolder, document!)).toSorted()).toEqual(
      ['第一支部', '第二支部'].flatMap((name) => [`${name} 传阅单.xlsx`, `${name} 核对文件.json`]).toSorted(),
    )
    expect((await run(exportCirculationsCommand, { options: { year: '26', out: 'x' } })).said).toContain(
      '年份应写成',
    )
    expect((await run(exportCirculationsCommand, { options: {} })).said).toContain('--year')
    expect(await notes()).toMatchObject([{}, { exportedBy: 'operator' }, { exportedBy: 'operator' }])
  })
})

describe('a zip that is written while it is made', () => {
  async function* contents(count: number): AsyncGenerator<ZipContent> {
    for (let n = 0; n < count; n++)
      yield { path: `文件夹/${n}.txt`, bytes: Buffer.from(`内容 ${n}`), at: MONDAY, isPacked: n > 2 }
  }
  const written = async (count: number, at?: number) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of zipOf(contents(count), at)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  it('can be unpacked by another program', async () => {
    const files = unzipSync(await written(3))
    expect(Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual(
      [0, 1, 2].map((n) => [`文件夹/${n}.txt`, `内容 ${n}`]),
    )
  })

  it('goes on beyond 4 GB and beyond 65,535 entries as ZIP64', async () => {
    const far = await written(1, 5_000_000_000)
    expect(far.includes(Buffer.from([0x50, 0x4b, 0x06, 0x06]))).toBe(true)
    const offset = Buffer.alloc(8)
    offset.writeBigUInt64LE(5_000_000_000n)
    expect(far.includes(offset)).toBe(true)
    const many = unzipSync(await written(70_000))
    expect(Object.keys(many)).toHaveLength(70_000)
  }, 60_000)
})

describe('names of files', () => {
  it('can be written on every system', () => {
    expect(fileNameOf('a\\b/c:d*e?f"g<h>i|j\u0000k\u202Egnp', 60)).toBe('a b c d e f g h i j k gnp')
    expect(fileNameOf('关于…… . .', 60)).toBe('关于……')
    expect(fileNameOf(' ..', 60)).toBe('未命名')
    for (const device of ['CON', 'nul.txt', 'Com1']) expect(fileNameOf(device, 60)).toBe(`_${device}`)
    expect(fileNameOf('字'.repeat(300), 48)).toHaveLength(48)
    // No half of a letter outside the first plane is left over.
    expect(fileNameOf('𠮷'.repeat(30), 7)).toBe('𠮷𠮷𠮷')
    expect(originalName(`${'长'.repeat(300)}.pdf`, 50)).toBe(`${'长'.repeat(46)}.pdf`)
    expect(originalName('没有后缀', 50)).toBe('没有后缀')
  })

  it('are each there once, also where capitals do not count', () => {
    const names = createNames()
    expect(['a.pdf', 'A.pdf', 'a.pdf', '甲', '甲'].map(names)).toEqual([
      'a.pdf',
      'A (2).pdf',
      'a (3).pdf',
      '甲',
      '甲 (2)',
    ])
  })
})
