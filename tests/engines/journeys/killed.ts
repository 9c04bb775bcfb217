/** A browser that dies with something unsent, and comes back. */
import { exactly, field, words } from '../screen/screen.ts'
import type { Journey } from '../stage.ts'
import { expectEqual } from './expect.ts'
import { DELIVERED } from './first-day.ts'

const SAID = ['断线时写的第一条', '断线时写的第二条']
const HALF = '写到一半的'
const OPINION = field('写给党建科')

const killed: Journey = {
  name: 'killed with a queue and half a sentence, opened again: nothing lost',
  async run({ member, line, stored }) {
    await line.cut()
    await member.open(`${line.url}/me/opinions`)
    for (const text of SAID) {
      await member.fill(OPINION, text)
      await member.tap(exactly('提交'))
      await member.see(words('已存本机', { within: { css: 'article', text } }))
    }
    await member.engine.kill()
    await line.mend()
    await member.engine.open()
    await member.open(`${line.url}/me/opinions`)
    for (const text of SAID) await member.see(words('已送达', { within: { css: 'article', text } }))
    await member.fill(OPINION, HALF)
    await member.open(`${line.url}/today`)
    await member.see(DELIVERED)
    await member.engine.kill()
    await member.engine.open()
    await member.open(`${line.url}/me/opinions`)
    await member.until('half a sentence is back', async () => (await member.see(OPINION)).value === HALF)
    expectEqual('opinions', (await stored('opinion')).map(({ text }) => text).sort(), [...SAID].sort())
  },
}

export const KILLED: readonly Journey[] = [killed]
