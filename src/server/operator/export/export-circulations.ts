/** `npm run admin -- export-circulations --year 2026 --out FOLDER|FILE.zip`: the archive of a year, while the endpoint goes on. */
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { noteExport } from '../../office/note-export.ts'
import { yearContents } from '../../office/circulation-year/year-contents.ts'
import { zipOf, type ZipContent } from '../../office/circulation-year/zip-writer.ts'
import type { OperatorCommand } from '../command.ts'

export const exportCirculationsCommand: OperatorCommand = {
  name: 'export-circulations',
  usage: [
    'npm run admin -- export-circulations --year 2026 --out 文件夹或压缩包.zip [--no-originals]',
    '                                               导出一年的传阅：传阅单、核对文件和签过的原件；未加密，请妥善保管',
  ],
  options: ['year', 'out'],
  flags: ['no-originals'],
  run: async ({ store, blobs, words, options, flags, now }) => {
    const { year, out } = options
    if (words.length > 0 || year === undefined || out === undefined)
      return refuse('请用 --year 写明年份，用 --out 写明导出到哪里。')
    if (!/^\d{4}$/.test(year)) return refuse('年份应写成 2026 的样子。')
    if (existsSync(out)) return refuse(`已经有这个文件或文件夹，没有覆盖：${out}`)
    const exportedBy = { personId: 'operator', name: '服务器管理命令' }
    const withOriginals = !flags.has('no-originals')
    await noteExport(store, { kind: 'year', year, withOriginals, exportedBy, now })
    let count = 0
    const onProgress = (done: number, all: number): void => {
      count = done
      if (done % 100 === 0 || done === all) console.log(`${done} / ${all}`)
    }
    const contents = yearContents({ store, blobs, year, exportedBy, now, withOriginals, onProgress })
    await (out.toLowerCase().endsWith('.zip') ? writeZip : writeFolder)(out, contents)
    console.log(`已导出 ${year} 年 ${count} 次传阅到 ${out}。`)
    return true
  },
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

/** Whole or not at all: the name appears when everything is on the disk. */
async function writeZip(path: string, contents: AsyncIterable<ZipContent>): Promise<void> {
  await wholeOrNot(path, async (unfinished) => {
    const file = await open(unfinished, 'w', 0o600)
    try {
      for await (const chunk of zipOf(contents)) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

async function writeFolder(path: string, contents: AsyncIterable<ZipContent>): Promise<void> {
  await wholeOrNot(path, async (unfinished) => {
    await mkdir(unfinished, { recursive: true, mode: 0o700 })
    for await (const { path: inside, bytes } of contents) {
      const target = join(unfinished, ...inside.split('/'))
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await writeFile(target, bytes, { mode: 0o600 })
    }
  })
}

async function wholeOrNot(path: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  const unfinished = `${path.replace(/[\\/]+$/, '')}.part`
  try {
    await rm(unfinished, { recursive: true, force: true })
    await write(unfinished)
    await rename(unfinished, path)
  } catch (problem) {
    await rm(unfinished, { recursive: true, force: true })
    throw problem
  }
}
