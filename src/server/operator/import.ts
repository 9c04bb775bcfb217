/** `npm run import -- people|lessons|books|documents …` */
import { runImport } from '../import/run/run-import.ts'
import type { OperatorCommand } from './command.ts'

const USAGE = [
  'npm run import -- people 名册.xlsx            预演：显示将新增、变更和拒收的内容',
  'npm run import -- people 名册.xlsx --apply    写入（全部成功或全部不写）；激活码另存为可打印的网页',
  'npm run import -- lessons 文件夹 [--apply]    每周一课（.md .docx）',
  'npm run import -- books 文件夹 [--apply]      口袋书（.md .docx）',
  'npm run import -- documents 文件夹 [--apply]  文件（.pdf .docx .md），放入党建科待确认',
  '    --no-new-units 名册里的支部须已存在；--by 工号 由谁声明文件为非密',
]

export const importCommand: OperatorCommand = {
  name: 'import',
  usage: USAGE,
  options: ['by'],
  flags: ['apply', 'no-new-units'],
  run: ({ store, blobs, words, options, flags, now, publicUrl = '' }) =>
    runImport({
      store,
      blobs,
      now,
      publicUrl,
      kind: words[0] ?? '',
      path: words[1] ?? '',
      apply: flags.has('apply'),
      createUnits: !flags.has('no-new-units'),
      by: options.by ?? '',
      usage: `用法：\n${USAGE.map((line) => `  ${line}`).join('\n')}`,
    }),
}
