/**
 * `npm test`: every check of the project, one after the other, with the minutes of each. Ends with one line
 * `N passed, N failed` summed over all of them, and fails when a part fails or ran nothing.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const reports = join(root, 'node_modules/.cache/test-reports')

interface Counts {
  passed: number
  failed: number
}
interface Suite {
  name: string
  command: string[]
  env?: Readonly<Record<string, string>>
  /** Counts of a finished run; a plain check counts as one. */
  count: (exitCode: number) => Counts
}

const bin = (name: string) => join(root, 'node_modules/.bin', name)

function check(name: string, ...command: string[]): Suite {
  return {
    name,
    command,
    count: (exitCode) => (exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  }
}

function vitest(name: string, ...more: string[]): Suite {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  return {
    name,
    command: [bin('vitest'), 'run', ...reporters, ...more],
    count: (exitCode) => {
      try {
        const result = JSON.parse(readFileSync(report, 'utf8')) as {
          numPassedTests: number
          numFailedTests: number
          numPendingTests: number
          numFailedTestSuites: number
        }
        // A skipped test is one that did not run; a file that could not be loaded is a failure of its own.
        const failed = result.numFailedTests + result.numPendingTests
        const broken = exitCode !== 0 && failed === 0 ? Math.max(1, result.numFailedTestSuites) : 0
        return { passed: result.numPassedTests, failed: failed + broken }
      } catch (problem) {
        console.error(`${name}: no report (${(problem as Error).message})`)
        return { passed: 0, failed: 1 }
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

const suites: Suite[] = [
  check('types', bin('vue-tsc'), '--build'),
  check('lint', bin('oxlint'), '--deny-warnings', 'src', 'tests', 'vite.config.ts'),
  check('imports', bin('depcruise'), 'src', '--config', '.dependency-cruiser.cjs'),
  check('format', bin('prettier'), '--check', '.', '--log-level', 'warn'),
  vitest('unit and journeys'),
  { ...vitest('again on PostgreSQL', ...ON_POSTGRES), env: { WH_TEST_DATABASE: 'postgres' } },
  check('build', bin('vite'), 'build', '--logLevel', 'warn'),
  vitest('browser', '--config', 'tests/browser/vitest.config.ts'),
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
  mkdirSync(reports, { recursive: true })
  const only = process.argv.slice(2)
  const total: Counts = { passed: 0, failed: 0 }
  const lines: string[] = []
  for (const suite of suites) {
    if (only.length > 0 && !only.includes(suite.name)) continue
    console.log(`\n== ${suite.name}`)
    const start = performance.now()
    const counts = suite.count(await run(suite))
    const minutes = (performance.now() - start) / 60_000
    const empty = counts.passed + counts.failed === 0
    total.passed += counts.passed
    total.failed += counts.failed + (empty ? 1 : 0)
    const what = empty ? 'ran nothing' : `${counts.passed} passed, ${counts.failed} failed`
    lines.push(`${suite.name.padEnd(20)} ${minutes.toFixed(2).padStart(6)} min  ${what}`)
  }
  console.log(`\n${lines.join('\n')}`)
  console.log(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
}

await main()
