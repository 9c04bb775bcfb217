/** Why a sign-in did not work, as the person reads it: what happened, and what to do. What was typed stays. */
// Here with the page: a part that once failed to come may stay away until the app is opened again.
import '../../remote/session-calls.ts'
import type { RemoteProblem } from '../../remote/call.ts'

export interface SignInTrouble {
  title: string
  text: string
}

const TITLES: Partial<Record<RemoteProblem['code'], string>> = {
  offline: '连不上服务器',
  'wrong-password': '没有登录',
  'code-invalid': '没有激活',
  'slow-down': '请稍等再试',
  overloaded: '服务器正忙',
  maintenance: '服务器正在维护',
}

const TEXTS: Partial<Record<RemoteProblem['code'], string>> = {
  offline: '第一次在本机登录需要网络。请换个有信号的地方，或连上 Wi-Fi 再试一次；填好的内容还在。',
  overloaded: '请过一会儿再试一次，填好的内容还在。',
  maintenance: '请过一会儿再试一次，填好的内容还在。',
  internal: '服务器出了点问题，请过一会儿再试一次；若仍不行，请告诉系统管理员。填好的内容还在。',
}

export function troubleOf(problem: RemoteProblem): SignInTrouble {
  return {
    title: TITLES[problem.code] ?? '没有办成',
    text: TEXTS[problem.code] ?? problem.message,
  }
}

export const MIN_PASSWORD_LENGTH = 8

/** What is wrong with a new password; undefined = fine. */
export function newPasswordError(password: string): string | undefined {
  if ([...password].length < MIN_PASSWORD_LENGTH) return `密码至少 ${MIN_PASSWORD_LENGTH} 位`
  return undefined
}

export const againError = (password: string, again: string): string | undefined =>
  password === again ? undefined : '两次输入的密码不一样'

/** As the code is written on the sheet: capitals without dashes or blanks; people type it in any way. */
export const plainCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
