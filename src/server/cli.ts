/** Commands of the operator: `npm run import -- people|lessons|books|documents …`, `npm run admin -- codes …`. */
import { blobFolder, ConfigTrouble, databasePath, readConfig } from './config.ts'
import { dieWith } from './log.ts'
import { printCodes } from './import/run/codes.ts'
import { runImport } from './import/run/run-import.ts'
import { createFolderBlobs } from './store/folder-blobs.ts'
import { openSqliteStore } from './store/sqlite-store.ts'

const USAGE = `用法：
  npm run import -- people 名册.xlsx            预演：显示将新增、变更和拒收的内容
  npm run import -- people 名册.xlsx --apply    写入（全部成功或全部不写）；激活码另存为可打印的网页
  npm run import -- lessons 文件夹 [--apply]    每周一课（.md .docx）
  npm run import -- books 文件夹 [--apply]      口袋书（.md .docx）
  npm run import -- documents 文件夹 [--apply]  文件（.pdf .docx .md），放入党建科待确认
  npm run admin -- codes 工号 [工号 …]          重新发激活码
选项：--data 文件夹（或 DATA_DIR）；--no-new-units 名册里的支部须已存在；--by 工号 由谁声明文件为非密`

const WITH_VALUE = ['data', 'by']
const FLAGS = ['apply', 'no-new-units']

function parseWords(rest: readonly string[]) {
  const words: string[] = []
  const flags = new Set<string>()
  const options: Record<string, string> = {}
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!
    const name = word.slice(2)
    if (!word.startsWith('--')) words.push(word)
    else if (WITH_VALUE.includes(name)) options[name] = valueOf(word, rest[++at])
    else if (FLAGS.includes(name)) flags.add(name)
    // A mistyped --no-new-units would otherwise make units.
    else throw new ConfigTrouble(`不认识的选项 ${word}。\n${USAGE}`)
  }
  return { words, flags, options }
}

function valueOf(option: string, value: string | undefined): string {
  if (value === undefined || value === '' || value.startsWith('--'))
    throw new ConfigTrouble(`选项 ${option} 后面缺少内容。`)
  return value
}

async function main(): Promise<void> {
  const [command, ...rest] = process.argv.slice(2)
  const { words, options, flags } = parseWords(rest)
  if (command !== 'import' && command !== 'codes') throw new ConfigTrouble(USAGE)
  const config = readConfig(
    { ...process.env, ...(options.data === undefined ? {} : { DATA_DIR: options.data }) },
    { dataDir: 'data' },
  )
  const store = await openSqliteStore(databasePath(config.dataDir))
  const blobs = createFolderBlobs(blobFolder(config.dataDir))
  const now = Date.now()
  const done =
    command === 'codes'
      ? await printCodes({ store, staffNos: words, now, folder: process.cwd() })
      : await runImport({
          store,
          blobs,
          now,
          kind: words[0] ?? '',
          path: words[1] ?? '',
          apply: flags.has('apply'),
          createUnits: !flags.has('no-new-units'),
          by: options.by ?? '',
          usage: USAGE,
        })
  await store.close()
  process.exitCode = done ? 0 : 1
}

main().catch(dieWith)
