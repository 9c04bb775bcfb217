/** `npm run admin -- erase TYPE ID --reason WHY`: erasure by rule. Phones drop their copies when they next pull. */
import { eraseRecord, type Erased } from '../commands/erase-record.ts'
import { definitionOf } from '../../shared/sync/registry.ts'
import type { OperatorCommand, OperatorContext } from './command.ts'
import { createFileJournal, journalPath } from '../journal/journal-file.ts'
import type { Journal } from '../journal/journal-lines.ts'

const MAX_REASON = 60

export const eraseCommand: OperatorCommand = {
  name: 'erase',
  usage: [
    'npm run admin -- erase 类型 编号 --reason 原因    按规定删除一条记录：内容不再保留，也不再接收；账本留痕',
    '                                               原因会长期保留，请不要写入记录的内容',
  ],
  options: ['reason'],
  run: async (context) => {
    const [type, id, ...rest] = context.words
    const reason = (context.options.reason ?? '').trim()
    if (type === undefined || id === undefined || rest.length > 0) return refuse('请写明记录的类型和编号。')
    if (definitionOf(type) === undefined) return refuse(`没有这个类型：${type}`)
    if (reason === '') return refuse('请用 --reason 写明原因。')
    if (reason.length > MAX_REASON) return refuse(`原因请不超过 ${MAX_REASON} 个字。`)
    const erased = await erase(context, { type, id, reason })
    if (erased.change === 'unknown') return refuse(`没有这条记录：${type} ${id}`)
    if (erased.change === 'already') console.log('这条记录先前已按规定删除。')
    else console.log(`已按规定删除 ${type} ${id}（范围 ${erased.scope}）。各手机下次同步时移除。`)
    if ((await context.store.scrub?.()) === false)
      console.log('数据文件的日志里还留有旧页。过一会儿把这条命令再执行一次，就会清掉。')
    return true
  },
}

function refuse(sentence: string): false {
  console.error(sentence)
  return false
}

async function erase(
  { store, blobs, dataDir, now }: OperatorContext,
  what: { type: string; id: string; reason: string },
): Promise<Erased> {
  const journal: Journal = createFileJournal(journalPath(dataDir))
  const author = 'operator'
  const erased = await store.write([], async (tx) => {
    const done = await eraseRecord(tx, { ...what, author, now })
    if (done.change === 'erased') {
      const { scope, freedFiles } = done
      journal.append({ kind: 'erase', ...what, scope, freedFiles, author, at: now })
    }
    return done
  })
  if (erased.change === 'erased') for (const sha256 of erased.freedFiles) await blobs.remove(sha256)
  return erased
}
