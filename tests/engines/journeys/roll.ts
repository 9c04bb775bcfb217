/** The secretary takes the roll, on a phone of the same engine. */
import { PASSWORD, personIdOf } from '../../support/endpoint.ts'
import { MEETING, SITTING } from '../../browser/support/served-hall.ts'
import { exactly, field, heading, words } from '../screen/screen.ts'
import type { Journey } from '../stage.ts'
import { expectEqual, pictureShows } from './expect.ts'
import { DELIVERED } from './first-day.ts'

const MARKS = [
  ['1002', '到会'],
  ['1003', '请假'],
  ['1004', '缺席'],
] as const

const roll: Journey = {
  name: 'secretary: sign in by password, three marks of a roll with the line cut, delivered',
  async run({ secretary, line, stored }) {
    await secretary.engine.open()
    await secretary.open(`${line.url}/sign-in`)
    await secretary.fill(field('工号'), '1001')
    await secretary.fill(field('密码', { exact: true }), PASSWORD)
    await secretary.tap(exactly('登录'))
    await secretary.see(heading('这五分钟'))
    await secretary.see(DELIVERED)
    await secretary.workerRuns()
    await line.cut()
    await secretary.open(`${line.url}/meetings/${MEETING}/roll/${SITTING}`)
    for (const [staffNo, mark] of MARKS)
      await secretary.tap(exactly(mark, { within: { css: `[data-person="${personIdOf(staffNo)}"]` } }))
    await secretary.see(words('3 条已存本机'))
    await pictureShows(secretary, 'roll')
    await line.mend()
    await secretary.open(`${line.url}/today`)
    await secretary.see(DELIVERED)
    const states = (await stored('roll-mark')).map(({ state }) => state).sort()
    expectEqual('marks at the endpoint', states, ['absent', 'leave', 'present'])
  },
}

export const ROLL: readonly Journey[] = [roll]
