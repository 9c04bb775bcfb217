/** The endpoint is killed as by a power switch while phones push and pull: nothing that it said was done is undone, nothing is done twice. */
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Engine } from './crash-hall.ts'
import { runCrashes } from './run-crashes.ts'

const KILLS = 10
const LONGEST_MS = 240_000

it.each<Engine>(['sqlite', 'postgres'])(
  'loses and doubles nothing when it is killed ten times under load (%s)',
  async (engine) => {
    const report = await runCrashes({ engine, kills: KILLS })
    // Its first line names the seed.
    expect(report.failure ?? 'none').toBe('none')
    expect(report.kills).toBe(KILLS)
    // The database server too: alone, where the endpoint goes on by itself, and together with the endpoint.
    expect(report.databaseKills).toBe(engine === 'postgres' ? 5 : 0)
    // Most kills came in the midst of requests.
    expect(report.cutOff).toBeGreaterThan(KILLS)
    expect(report.mutations).toBeGreaterThan(100)
    expect(report.pages).toBeGreaterThan(10)
  },
  LONGEST_MS,
)

/** Each with what the checks have to say of it. */
const DAMAGES: [string, string, RegExp][] = [
  [
    'a fact that is gone',
    `delete from records where id = (select id from records where type = 'opinion' limit 1)`,
    /opinion:\S+ was accepted, and is lost/,
  ],
  [
    'a fact that says something else',
    `update records set fields = replace(fields, '第', '地') where id = (select max(id) from records where type = 'opinion')`,
    /stands otherwise than it was written/,
  ],
  [
    'a fact that nobody wrote',
    `update records set type = 'opinion' where id = (select id from records where type = 'lesson-receipt' limit 1)`,
    /stands, and was never accepted/,
  ],
  [
    'an edit of a draft that is undone',
    `update records set fields = replace(fields, '"text":"', '"text":"old ') where type = 'note'`,
    /the last edit .* isn't what stands/,
  ],
  [
    'content at another revision',
    `update records set rev = rev + 100000 where type = 'column'`,
    /was accepted last, revision \d+ stands/,
  ],
  ['a revision that nobody made', `update scopes set rev = rev + 1 where name like 'private:%'`, /moved by/],
  ['a ledger with a gap', `delete from ledger where rev = 2`, /0 ledger entries at revision 2/],
]

it(
  'and the checks find what is damaged',
  async () => {
    const report = await runCrashes({
      engine: 'sqlite',
      // So much is written that there is something of everything.
      kills: 3,
      damage: ({ sqlitePath }) => {
        const file = new DatabaseSync(sqlitePath)
        for (const [, statement] of DAMAGES) file.exec(statement)
        file.close()
      },
      most: 10_000,
    })
    for (const [what, , sentence] of DAMAGES) expect(report.failure, what).toMatch(sentence)
    // Who reads it has what stood before.
    expect(report.failure).toMatch(/1001 holds column:/)
    expect(report.failure).toMatch(/1003 holds note:/)
    expect(report.failure).toMatch(/verify: /)
  },
  LONGEST_MS,
)
