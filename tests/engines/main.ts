/**
 * `npm run test:engines [-- firefox|webkit]`: the main journeys in Firefox and in WebKitGTK, against the built app and the
 * real endpoint; `-- orca`: the main paths for the ear. Ends with 1 when an engine is not installed or a journey fails. Needs a
 * build (`npm run build`, or DIST_DIR).
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { distFolder } from '../browser/support/served-hall.ts'
import { findEngines, type FoundEngine } from './find-engines.ts'
import { JOURNEYS } from './journeys/list.ts'
import { askFeatures, FEATURES } from './platform.ts'
import { table, type Column, type Outcome } from './report.ts'
import { NotDriven, setStage, type Journey, type Stage } from './stage.ts'

function refuse(sentences: readonly string[]): never {
  process.stderr.write(`${sentences.join('\n')}\n`)
  process.exit(1)
}

async function outcomeOf(journey: Journey, stage: Stage): Promise<Outcome> {
  try {
    await journey.run(stage)
    return { state: 'passed', text: '' }
  } catch (problem) {
    const { message, stack } = problem as Error
    return problem instanceof NotDriven
      ? { state: 'not driven', text: message }
      : { state: 'failed', text: stack ?? message }
  }
}

async function drive(found: FoundEngine): Promise<Column> {
  console.log(`== ${found.version}`)
  const stage = await setStage(found)
  closing.push(() => stage.close())
  const column: Column = { engine: found.version, outcomes: [], features: [] }
  for (const journey of JOURNEYS) {
    const from = Date.now()
    const outcome = await outcomeOf(journey, stage)
    column.outcomes.push(outcome)
    const seconds = ((Date.now() - from) / 1000).toFixed(1)
    console.log(`${outcome.state}: ${journey.name} (${seconds} s)${outcome.text && `\n  ${outcome.text}`}`)
    if (column.outcomes.length === 1)
      column.features = await askFeatures(stage.member).catch((problem) => [String(problem)])
  }
  await closing.pop()!()
  return column
}

const closing: (() => Promise<void>)[] = []
// It ends the program by itself.
if (process.argv[2] === 'orca') await import('./orca/main.ts')
const { found, missing } = findEngines()
if (missing.length > 0) refuse(missing)
if (!existsSync(join(distFolder(), 'index.html'))) refuse(['The app is not built. Run: npm run build'])
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(
    signal,
    () => void Promise.allSettled(closing.map((close) => close())).then(() => process.exit(1)),
  )

const columns: Column[] = []
const asked = found.filter(({ name }) => name.toLowerCase().startsWith(process.argv[2] ?? ''))
if (asked.length === 0) refuse([`No such engine: ${process.argv[2]}`])
for (const one of asked) columns.push(await drive(one))
const names = JOURNEYS.map(({ name }) => name)
console.log(`\n${table('journey', names, columns, (c, n) => c.outcomes[n]!.state)}`)
console.log(`\n${table('feature', FEATURES, columns, (c, n) => c.features[n] ?? 'not asked')}`)
const all = columns.flatMap(({ outcomes }) => outcomes)
for (const { engine, outcomes } of columns)
  for (const [n, { state, text }] of outcomes.entries())
    if (state === 'not driven') console.log(`not driven in ${engine}: ${names[n]}: ${text}`)
const failed = all.filter(({ state }) => state === 'failed').length
console.log(`\n${all.filter(({ state }) => state === 'passed').length} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
