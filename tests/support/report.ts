/** What a run of Vitest came to, for `tests/run.ts` in the file WH_TEST_REPORT: how many passed, and what did not, in words. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node'

export interface RunReport {
  passed: number
  /** Each with where it is and how it failed. A test that was skipped did not pass. */
  failures: string[]
}

const MAX_LENGTH = 1_500

export default class ReportFile implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const isPassed = (test: TestCase) => test.result().state === 'passed'
    const failures = [
      ...tests.filter((test) => !isPassed(test)).map(told),
      ...modules.flatMap((module) =>
        module.errors().map((error) => `${module.relativeModuleId}\n${textOf([error])}`),
      ),
      ...unhandled.map((error) => `unhandled, of no test\n${textOf([error])}`),
    ]
    const report: RunReport = { passed: tests.filter(isPassed).length, failures }
    const path = process.env.WH_TEST_REPORT
    if (path === undefined) throw new Error('WH_TEST_REPORT names no file')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(report))
  }
}

function told(test: TestCase): string {
  const { state, errors = [] } = test.result()
  return `${test.module.relativeModuleId} > ${test.fullName}\n${state === 'failed' ? textOf(errors) : `was ${state}`}`
}

const textOf = (errors: readonly { message: string; stack?: string }[]): string =>
  errors
    .map(({ message, stack }) => (stack?.includes(message) ? stack : `${message}\n${stack ?? ''}`))
    .join('\n')
    .slice(0, MAX_LENGTH)
