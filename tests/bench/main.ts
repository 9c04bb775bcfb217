/**
 * `npm run bench [names…]`: each figure beside its comparison from the same run, as Markdown tables on the standard output;
 * what happens meanwhile goes to the standard error. Ends with 1 when a check of correctness does not hold.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listCases } from './cases/list.ts'
import { createBench } from './support/bench.ts'
import { machineLine } from './support/machine.ts'
import { budgetsToMarkdown, reportToMarkdown, type Budget } from './support/report.ts'

const { all, parts } = listCases()
const cases = [...all, ...parts]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !cases.some((c) => c.name === name))

function refuse(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}

if (unknown.length > 0)
  refuse(`没有这项测量：${unknown.join('、')}。可用的有：${cases.map((c) => c.name).join('、')}。`)
if (['rxdb', 'lighthouse'].some((name) => !existsSync(join(import.meta.dirname, 'node_modules', name))))
  refuse('对照用的程序还没有安装。请先运行 npm ci --prefix tests/bench ，再运行一次。')

const bench = createBench()
const budgets: Budget[] = []
let wrong = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void bench.close().finally(() => process.exit(1)))
try {
  console.log(`${await machineLine()}\n`)
  for (const one of asked.length === 0 ? all : cases.filter((c) => asked.includes(c.name))) {
    bench.log(`== ${one.name}`)
    const report = await one.run(bench)
    wrong += report.checks.filter((check) => !check.holds).length
    budgets.push(...report.budgets)
    console.log(reportToMarkdown(one.title, report))
  }
  if (budgets.length > 0) console.log(budgetsToMarkdown(budgets))
} catch (problem) {
  wrong += 1
  process.stderr.write(`${problem instanceof Error ? problem.stack : String(problem)}\n`)
} finally {
  await bench.close()
}
if (wrong > 0) refuse(`有 ${wrong} 项没有跑完或核对不成立，对应的数字不算数。`)
process.exit(0)
