/** Every answer to a code in words: what is the matter, and what to do. */
import type { ByHandReason } from './by-hand.ts'
import type { CodeAnswer, RefusedReason } from './check-person-code.ts'
import type { SittingRefusal } from './check-sitting-code.ts'

/** 12 分钟, 3 小时, 2 天. */
export function spanInWords(ms: number): string {
  const minutes = Math.max(1, Math.floor(Math.abs(ms) / 60_000))
  if (minutes < 60) return `${minutes} 分钟`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} 小时` : `${Math.floor(hours / 24)} 天`
}

const dayInWords = (date: string): string => {
  const [, month, day] = date.split('-').map(Number)
  return `${month} 月 ${day} 日`
}

const UNREADABLE = {
  'not-ours': '这不是本应用的码。请对方打开“我的码”。',
  'newer-app': '这个码是新版应用的，本机还认不出。请先更新应用，或改用报码、点名。',
  damaged: '码没有读全。请对方把屏幕调亮、放平，再扫一次。',
}

type Sentence = (since: string) => string
const REFUSED: Record<RefusedReason, string | Sentence> = {
  ...UNREADABLE,
  'sitting-code': '这是会场码，不是个人的码。请对方打开“我的码”。',
  'unknown-person': '本机名单里没有这个人：可能是别的单位的，也可能名单还没有下载。请问清姓名。',
  'bad-signature': '码的签名核对不上，可能被改过，不能记。请当面核对后在名单里点名。',
  'key-stopped': '对方手机的密钥已停用，码不能用。请当面核对后在名单里点名。',
  'left-unit': (since) => `${dayInWords(since)}起已不在本单位，不在这场会的应到名单里。`,
  'not-yet-in-unit': (since) => `${dayInWords(since)}才到本单位，不在这场会的应到名单里。`,
  guest: '列席人员，不计入应到，不用记考勤。',
  'not-on-roster': '是别的支部的，或不在这场会的应到名单里。列席的，请写在会议的“列席”里。',
}

const BY_HAND: Record<ByHandReason, (span: string) => string> = {
  'unknown-key': () => '本机还没有对方手机的密钥，核对不了这个码。',
  expired: (span) => `码是 ${span}前的，可能是截图。请对方当面打开“我的码”。`,
  'from-future': (span) => `码的时间比局里的时间晚 ${span}，对方或本机的时间可能不准。`,
}

/** Why it was not marked; empty for a good one. The name stands above it. */
export function answerInWords(answer: CodeAnswer): string {
  if (answer.type === 'good') return ''
  if (answer.type === 'hand') return BY_HAND[answer.reason](spanInWords(answer.byMs))
  const words = REFUSED[answer.reason]
  return typeof words === 'string' ? words : words(answer.since ?? '')
}

const SITTING: Record<SittingRefusal, string> = {
  ...UNREADABLE,
  'not-ours': '这不是会场码。请扫考勤的人出示的会场码。',
  'person-code': '这是个人的码，不是会场码。请扫考勤的人出示的会场码。',
  'unknown-sitting': '本机没有这场会：可能是别的支部的，也可能还没有下载。请让考勤的人扫你的码。',
  'unknown-officer': '本机还没有考勤的人的密钥，核对不了这个码。请让考勤的人扫你的码。',
  'bad-signature': '会场码的签名核对不上，不能用。请让考勤的人扫你的码。',
  'key-stopped': '出示会场码的手机已停用密钥，不能用。请让考勤的人点名。',
  'no-officer': '出示会场码的人现在不管这场会的考勤。请让支部书记点名。',
  cancelled: '这场会已取消，不用记考勤。',
  'not-expected': '你不在这场会的应到名单里。如有出入，请告诉支部书记。',
  expired: '会场码已过期，可能是截图。请当面再扫一次；若还是这样，本机时间可能不准，请让考勤的人点名。',
  'from-future': '会场码的时间在后，本机时间可能不准。请让考勤的人点名。',
}
export const sittingRefusalInWords = (reason: SittingRefusal): string => SITTING[reason]
