/** The dead corners of the hall: the line is cut, the browser has been closed, and the day goes on. */
import { personIdOf } from '../../support/endpoint.ts'
import { CIRCULATION, LESSON, MONTH } from '../../browser/support/served-hall.ts'
import { button, element, exactly, field, heading, link, words } from '../screen/screen.ts'
import { SECOND_CIRCULATION, type Journey } from '../stage.ts'
import { expectEqual, pictureShows } from './expect.ts'
import { DELIVERED } from './first-day.ts'

/** The draft says 已存本机 before: only the whole sentence is of what was submitted. */
const SUBMITTED = words('自评已存本机，待送达')

/** Pixels of the first page that are not paper: a canvas that stays empty is no reading. */
const inkOnPage = (): number => {
  const canvas = document.querySelector('canvas')!
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
  let ink = 0
  for (let n = 0; n < data.length; n += 4) if (data[n]! < 128 && data[n + 3]! > 128) ink += 1
  return ink
}

const prepare: Journey = {
  name: 'prepared for no network: service worker, files on the phone',
  async run({ member, line }) {
    await member.workerRuns()
    await member.open(`${line.url}/circulation`)
    for (const number of ['31 号', '32 号'])
      await member.see(words('离线可用', { within: { css: 'a', text: number } }))
    await member.see(DELIVERED)
  },
}

const start: Journey = {
  name: 'start with the line cut, after the browser was killed; lesson from the phone',
  async run({ member, line }) {
    await line.cut()
    await member.engine.kill()
    await member.engine.open()
    await member.open(`${line.url}/today`)
    await member.see(heading('这五分钟'))
    await member.open(`${line.url}/lessons/${LESSON}`)
    await member.see(words('这是示例正文的第 1 段'))
  },
}

const readPdf: Journey = {
  name: 'read a PDF from the phone, line cut',
  async run({ member, line }) {
    await member.open(`${line.url}/circulation/${CIRCULATION}`)
    await member.see(element('canvas'))
    await member.until('the page drawn', async () => (await member.engine.call(inkOnPage)) > 100)
    await pictureShows(member, 'pdf')
  },
}

const signByHand: Journey = {
  name: 'sign by hand, line cut',
  async run({ member, stored }) {
    await member.tap(link('签字'))
    await member.see(heading('手写签名'))
    await member.draw()
    await member.see(words('现在没有网络，签字先存本机，联网后送达'))
    await pictureShows(member, 'signed-by-hand')
    await member.tap(exactly('签字'))
    await member.see(words('签字，待送达'))
    expectEqual('sign-offs at the endpoint', await stored('sign-off'), [])
  },
}

const signByName: Journey = {
  name: 'sign by typed name, line cut',
  async run({ member, line }) {
    await member.open(`${line.url}/circulation/${SECOND_CIRCULATION}`)
    await member.see(element('canvas'))
    await member.tap(link('签字'))
    await member.tap(exactly('改用键盘'))
    await member.fill(field('输入姓名签字'), '王芳')
    await member.tap(exactly('签字'))
    await member.see(words('签字，待送达'))
  },
}

const assess: Journey = {
  name: 'self-assessment: an item saved, all submitted, line cut',
  async run({ member, line }) {
    await member.open(`${line.url}/assessment/${MONTH()}/party`)
    await member.tap(button('记满分'))
    await member.fill(field('说一句'), '到会三次，有记录。')
    await member.tap(exactly('下一项'))
    await member.see(words('示例指标 2'))
    await member.tap(exactly('目录'))
    await member.tap(words('看一遍'))
    await member.tap(exactly('提交'))
    await member.answer('提交')
    await member.see(SUBMITTED)
  },
}

const deliver: Journey = {
  name: 'line back: delivered, at the endpoint once, signed by the device key',
  async run({ member, line, stored, hall }) {
    await line.mend()
    await member.open(`${line.url}/today`)
    await member.see(DELIVERED)
    const signOffs = await stored('sign-off')
    expectEqual(
      'circulations signed',
      signOffs.map((s) => s.circulationId).sort(),
      [CIRCULATION, SECOND_CIRCULATION].sort(),
    )
    for (const { personId, deviceSignature } of signOffs) {
      expectEqual('signer', personId, personIdOf('1003'))
      expectEqual('device signature', /^[\w-]{86}$/.test(String(deviceSignature)), true)
    }
    expectEqual(
      'ways of signing',
      signOffs.map((s) => (s.signature as { kind: string } | undefined)?.kind).sort(),
      ['drawn', 'typed'],
    )
    expectEqual('submissions', (await stored('submission')).length, 1)
    expectEqual('problems at the endpoint', hall.endpoint.problems.map(String), [])
  },
}

export const WITHOUT_NETWORK: readonly Journey[] = [
  prepare,
  start,
  readPdf,
  signByHand,
  signByName,
  assess,
  deliver,
]
