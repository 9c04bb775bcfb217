/**
 * `npm test`: every check of the project, with the minutes of each. Ends with what failed, by name, and one
 * line `N passed, N failed` summed over all of them, and fails when a part fails or ran nothing.
 */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { RunReport } from './support/report.ts'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'node_modules/.cache/test-reports')
const reporter = join(root, 'tests/support/report.ts')

interface Suite {
  name: string
  command: string[]
  env?: Readonly<Record<string, string>>
  /** Of a finished run; a plain check counts as one. */
  outcome: (exitCode: number) => RunReport
}

const bin = (name: string) => join(root, 'node_modules/.bin', name)

function check(name: string, ...command: string[]): Suite {
  const outcome = (exitCode: number) =>
    exitCode === 0
      ? { passed: 1, failures: [] }
      : { passed: 0, failures: [`ended with ${exitCode}: see above`] }
  return { name, command, outcome }
}

function vitest(name: string, ...more: string[]): Suite {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  return {
    name,
    command: [bin('vitest'), 'run', '--reporter=default', `--reporter=${reporter}`, ...more],
    env: { WH_TEST_REPORT: report },
    outcome: (exitCode) => {
      try {
        const { passed, failures } = JSON.parse(readFileSync(report, 'utf8')) as RunReport
        const isUntold = exitCode !== 0 && failures.length === 0
        return { passed, failures: isUntold ? [`ended with ${exitCode}: see above`] : failures }
      } catch (problem) {
        return { passed: 0, failures: [`no report: ${(problem as Error).message}`] }
      }
    },
  }
}

/** What rests on the database and does not open both by itself: played once more on the other one. */
const ON_POSTGRES = [
  'tests/server/backup/backup.test.ts',
  'tests/server/backup/restore.test.ts',
  'tests/journeys/restore.test.ts',
  'tests/journeys/scopes-that-move.test.ts',
  'tests/journeys/lost-scopes.test.ts',
]

const onPostgres = (suite: Suite): Suite => ({
  ...suite,
  env: { ...suite.env, WH_TEST_DATABASE: 'postgres' },
})

/** One after the other within a line; the lines of a step side by side, since each of these checks keeps one core busy. */
const steps: Suite[][][] = [
  [
    [check('types', bin('vue-tsc'), '--build')],
    [
      check('lint', bin('oxlint'), '--deny-warnings', 'src', 'tests', 'vite.config.ts'),
      check('imports', bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs'),
      check('format', bin('prettier'), '--check', '.', '--log-level', 'warn'),
      check('build', bin('vite'), 'build', '--logLevel', 'warn'),
      check('size', bin('size-limit')),
    ],
  ],
  [
    [
      vitest('unit and journeys'),
      onPostgres(vitest('again on PostgreSQL', ...ON_POSTGRES)),
      vitest('browser', '--config', 'tests/browser/vitest.config.ts'),
    ],
  ],
]

function run({ command, env = {} }: Suite): Promise<number> {
  return new Promise((resolve) => {
    const [program, ...words] = command
    // The checks run on the Node that comes with the project, whatever the host has.
    const path = [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH ?? ''].join(
      delimiter,
    )
    const child = spawn(program!, words, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: path, CI: 'true', ...env },
    })
    child.on('close', (code) => resolve(code ?? 1))
    child.on('error', (problem) => {
      console.error(problem.message)
      resolve(1)
    })
  })
}

async function main(): Promise<void> {
  rmSync(reports, { recursive: true, force: true })
  const only = process.argv.slice(2)
  const total = { passed: 0, failed: 0 }
  const lines: string[] = []
  const told: string[] = []
  const perform = async (suite: Suite): Promise<void> => {
    if (only.length > 0 && !only.includes(suite.name)) return
    console.log(`\n== ${suite.name}`)
    const start = performance.now()
    const outcome = suite.outcome(await run(suite))
    const minutes = (performance.now() - start) / 60_000
    const isEmpty = outcome.passed + outcome.failures.length === 0
    const failures = isEmpty ? ['ran nothing'] : outcome.failures
    total.passed += outcome.passed
    total.failed += failures.length
    const what = `${outcome.passed} passed, ${failures.length} failed`
    lines.push(`${suite.name.padEnd(20)} ${minutes.toFixed(2).padStart(6)} min  ${what}`)
    told.push(...failures.map((failure) => `failed in ${suite.name}: ${failure}`))
  }
  for (const step of steps)
    await Promise.all(
      step.map(async (line) => {
        for (const suite of line) await perform(suite)
      }),
    )
  // Last, where whoever reads only the end of a long log finds it.
  console.log(['', ...told, '', ...lines].join('\n'))
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
}

await main()
