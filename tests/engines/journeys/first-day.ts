/** The first minutes: a code, 今日, a lesson, a look that suits. */
import { issueCode } from '../../../src/server/commands/accounts.ts'
import { personIdOf } from '../../support/endpoint.ts'
import { LESSON } from '../../browser/support/served-hall.ts'
import { button, element, exactly, field, heading, link, words } from '../screen/screen.ts'
import type { Journey, Stage } from '../stage.ts'
import { expectEqual, pictureShows } from './expect.ts'

export const DELIVERED = words('全部已送达')

async function codeFor({ hall }: Stage, staffNo: string): Promise<string> {
  const { store } = hall.endpoint
  const issued = await store.write([], (tx) => issueCode(tx, personIdOf(staffNo), Date.now()))
  return issued.code
}

const activate: Journey = {
  name: 'first sign-in by activation code, 今日',
  async run(stage) {
    const { member, line } = stage
    const code = await codeFor(stage, '1003')
    await member.engine.open()
    await member.open(`${line.url}/activate`)
    await member.fill(field('工号'), '1003')
    await member.fill(field('激活码'), code.toLowerCase())
    await member.fill(field('新密码', { exact: true }), 'a new password 1')
    await member.fill(field('再输一次新密码', { exact: true }), 'a new password 1')
    await member.tap(exactly('激活并登录'))
    await member.see(heading('这五分钟'))
    await member.see(link('窗口前的分寸'))
    await member.see(DELIVERED)
  },
}

const lesson: Journey = {
  name: 'read a lesson, mark it 已学',
  async run({ member, stored }) {
    await member.tap(link('窗口前的分寸'))
    await member.see(words('这是示例正文的第 1 段'))
    await member.see(words('这是示例正文的第 12 段'))
    await member.tap(exactly('已学'))
    await member.see(words('已学 · 已送达'))
    expectEqual('lesson receipts at the endpoint', (await stored('lesson-receipt')).length, 1)
  },
}

const groundOf = () => getComputedStyle(document.body).backgroundColor
const textSize = () => Number.parseFloat(getComputedStyle(document.querySelector('main p')!).fontSize)

const look: Journey = {
  name: 'dark and 长辈版, text drawn',
  async run({ member, line }) {
    await member.go('/me/appearance')
    await member.see(heading('显示与长辈版'))
    const before = await member.engine.call(textSize)
    await member.tap(button('深色', { exact: true }))
    await member.until(
      'a dark ground',
      async () => (await member.engine.call(groundOf)) === 'rgb(21, 19, 17)',
    )
    await member.tap(button('长辈版'))
    await member.until('larger text', async () => (await member.engine.call(textSize)) > before)
    await member.open(`${line.url}/lessons/${LESSON}`)
    await member.see(words('这是示例正文的第 1 段'))
    expectEqual('ground after loading anew', await member.engine.call(groundOf), 'rgb(21, 19, 17)')
    await pictureShows(member, 'lesson-dark-elder')
    await member.go('/me/appearance')
    await member.tap(button('浅色', { exact: true }))
    await member.tap(button('长辈版'))
    await member.until('text as before', async () => (await member.engine.call(textSize)) === before)
    await member.go('/today')
    await member.see(heading('这五分钟'))
    await pictureShows(member, 'today')
    expectEqual(
      'wider than the screen',
      await member.engine.call(() => document.scrollingElement!.scrollWidth > innerWidth),
      false,
    )
    await member.see(element('nav'))
  },
}

export const FIRST_DAY: readonly Journey[] = [activate, lesson, look]
