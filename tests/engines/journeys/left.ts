/** Pages that are left while they open: what the browser keeps of them (page cache) must not keep the next one waiting. */
import { setTimeout as pause } from 'node:timers/promises'
import { LESSON } from '../../browser/support/served-hall.ts'
import { heading } from '../screen/screen.ts'
import type { Journey } from '../stage.ts'

const PAGES = [`/lessons/${LESSON}`, '/me/opinions', '/circulation']
const TIMES = 30
/** The writes of an opening lie in the first tenth of a second; each turn leaves at another moment of it. */
const [STEP_MS, LONGEST_MS] = [13, 120]

const left: Journey = {
  name: 'pages left while they open: the next one opens, and one brought back works',
  async run({ member, line }) {
    for (let n = 0; n < TIMES; n++) {
      await member.open(line.url + PAGES[n % PAGES.length])
      await pause((n * STEP_MS) % LONGEST_MS)
      await member.open(`${line.url}/today`)
      await member.see(heading('这五分钟'))
    }
    await member.open(`${line.url}/me/opinions`)
    await member.see(heading('意见建议'))
    await member.open(`${line.url}/today`)
    await member.see(heading('这五分钟'))
    await member.engine.call(() => history.back())
    await member.see(heading('意见建议'))
  },
}

export const LEFT: readonly Journey[] = [left]
