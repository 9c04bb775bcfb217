/** One's own copy: everything of the tables on this phone as one JSON file, and ways to hand it over. */
import { definitions } from '../../../../shared/sync/registry.ts'
import type { Phone } from '../../../storage/phone.ts'
import { typeWord } from './type-words.ts'
import { saveFile } from '../../../ui/device/save-file.ts'

/** What waits and what was refused is in it too; files are named by their hash, their bytes are not in it. */
export async function exportHoldings(phone: Pick<Phone, 'db' | 'person' | 'now'>): Promise<string> {
  const { db, person, now } = phone
  const tables: Record<string, unknown[]> = {}
  for (const { type } of definitions) {
    const rows = await db.rows(type).toArray()
    if (rows.length > 0) tables[typeWord(type)] = rows
  }
  const 文件 = await db.blobs.toArray((rows) =>
    rows.map(({ sha256, mime, sizeBytes }) => ({ sha256, mime, sizeBytes })),
  )
  const whole = {
    说明: '窗口先锋：本机存的内容',
    姓名: person.name,
    工号: person.staffNo,
    导出时间: new Date(now()).toISOString(),
    内容: tables,
    待送达: await db.outbox.toArray(),
    需处理: await db.attention.toArray(),
    文件,
  }
  return JSON.stringify(whole, null, 2)
}

export type HandOver = 'shared' | 'downloaded' | 'stopped'

/** By the phone's own share sheet where it takes files, else as a download. */
export async function handOver(text: string, name: string): Promise<HandOver> {
  const file = new File([text], name, { type: 'application/json' })
  if (navigator.canShare?.({ files: [file] }) === true) {
    try {
      await navigator.share({ files: [file], title: name })
      return 'shared'
    } catch (problem) {
      if (problem instanceof Error && problem.name === 'AbortError') return 'stopped'
      // Some browsers promise to share files and then refuse: the download remains.
    }
  }
  saveFile(name, file)
  return 'downloaded'
}
