/** All that can be measured, in the order in which it is. */
import type { Bench } from '../support/bench.ts'
import type { Report } from '../support/report.ts'
import { APP_PARTS, runApp } from './app/app.ts'
import { coverage } from './coverage.ts'
import { crowd } from './crowd.ts'
import { drop } from './drop.ts'
import { firstSync } from './first-sync.ts'
import { hotScope } from './hot-scope.ts'
import { noOp } from './no-op.ts'
import { push } from './push.ts'
import { reset } from './reset.ts'
import { whileWriting } from './while-writing.ts'

export interface Case {
  name: string
  title: string
  run(bench: Bench): Promise<Report>
}

/** Run when no name is given. */
const ALL: readonly Case[] = [
  { name: 'first-sync', title: 'First sync', run: (bench) => firstSync(bench, { large: true }) },
  { name: 'while-writing', title: 'Writing while syncing', run: whileWriting },
  { name: 'no-op', title: 'A round with nothing new', run: (bench) => noOp(bench) },
  { name: 'push', title: 'Push', run: push },
  { name: 'drop', title: 'A dropped scope', run: drop },
  { name: 'reset', title: 'Reset', run: reset },
  { name: 'crowd', title: 'A hall on Monday morning', run: crowd },
  { name: 'hot-scope', title: 'A hot scope', run: hotScope },
  { name: 'coverage', title: 'The desk’s page of circulations', run: coverage },
  {
    name: 'app',
    title: 'The built app',
    run: (bench) =>
      runApp(
        bench,
        Object.values(APP_PARTS).map(({ part }) => part),
      ),
  },
]

/** Parts of those above, for work on the hot paths. */
const PARTS: readonly Case[] = [
  {
    name: 'first-sync-10k',
    title: 'First sync of 10,000, ours and the floor',
    run: (bench) => firstSync(bench, { large: false, sides: ['floor', 'ours'] }),
  },
  {
    name: 'first-sync-peers',
    title: 'First sync of 10,000',
    run: (bench) => firstSync(bench, { large: false }),
  },
  {
    name: 'first-sync-100k',
    title: 'First sync, ours and the floor',
    run: (bench) => firstSync(bench, { large: true, sides: ['floor', 'ours'] }),
  },
  ...Object.entries(APP_PARTS).map(([name, { title, part }]) => ({
    name,
    title,
    run: (bench: Bench) => runApp(bench, [part]),
  })),
]

export const listCases = (): { all: readonly Case[]; parts: readonly Case[] } => ({ all: ALL, parts: PARTS })
