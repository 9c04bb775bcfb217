/** The main journeys, in the order in which a day has them. */
import type { Journey } from '../stage.ts'
import { expectEqual } from './expect.ts'
import { FIRST_DAY } from './first-day.ts'
import { KILLED } from './killed.ts'
import { LEFT } from './left.ts'
import { ROLL } from './roll.ts'
import { WITHOUT_NETWORK } from './without-network.ts'

const quiet: Journey = {
  name: 'nothing in the console',
  run: async ({ member, secretary }) =>
    expectEqual('console', [...member.engine.troubles, ...secretary.engine.troubles], []),
}

export const JOURNEYS: readonly Journey[] = [
  ...FIRST_DAY,
  ...WITHOUT_NETWORK,
  ...KILLED,
  ...LEFT,
  ...ROLL,
  quiet,
]
