/** What the demo says when it stands: the address, who can sign in, and how a phone reaches it. */
import { networkInterfaces } from 'node:os'
import { civilDate } from '../../shared/civil-time.ts'
import type { DemoAccount } from './accounts.ts'

const isWide = (sign: string) => /[ᄀ-ᅟ⺀-〿぀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/.test(sign)
/** Columns in a terminal: a Chinese sign is two wide. */
export const widthOf = (text: string): number =>
  [...text].reduce((width, sign) => width + (isWide(sign) ? 2 : 1), 0)

const GAP = 3

export function printTable(
  rows: readonly (readonly string[])[],
  print: (line: string) => void = console.log,
): void {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => widthOf(row[at] ?? ''))))
  for (const row of rows) {
    const cells = row.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell) + GAP))
    print(`  ${cells.join('')}`.trimEnd())
  }
}

export function printDemoAccounts(
  accounts: readonly DemoAccount[],
  print: (line: string) => void = console.log,
): void {
  print('')
  print('示例账号：')
  printTable(
    [
      ['身份', '姓名', '工号', '密码', '可以试试'],
      ...accounts.map(({ role, name, staffNo, password, what }) => [role, name, staffNo, password, what]),
    ],
    print,
  )
}

interface Address {
  port: number
  hasTls: boolean
  publicUrl: string
}

/** IPv4 addresses by which another machine of the same network reaches this one. */
function lanAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
}

export function printAddresses(
  { port, hasTls, publicUrl }: Address,
  print: (line: string) => void = console.log,
): void {
  const scheme = hasTls ? 'https' : 'http'
  const lan = lanAddresses().map((address) => `${scheme}://${address}:${port}`)
  print(`窗口先锋 示例已启动：${publicUrl === '' ? `${scheme}://localhost:${port}` : publicUrl}`)
  print('')
  print('用手机试：')
  if (hasTls) {
    print(`  手机与本机同一网络，打开 ${lan.join(' 或 ') || `${scheme}://本机地址:${port}`}`)
    print('  手机须信任证书的签发者（mkcert 的根证书：mkcert -CAROOT 所在文件夹里的 rootCA.pem）。')
    return
  }
  print('  离线启动、相机和设备签名需要安全连接（HTTPS 或 localhost）。两种办法：')
  print(`  1 安卓手机接数据线：adb reverse tcp:${port} tcp:${port} ，手机上打开 http://localhost:${port}`)
  print(`  2 用 mkcert 发证书：mkcert -install && mkcert ${lanAddresses()[0] ?? '本机地址'} localhost`)
  print('    再以 TLS_CERT=证书文件 TLS_KEY=私钥文件 npm run demo 启动；手机装上 mkcert 的根证书。')
  if (lan.length > 0) print(`  直接打开 ${lan.join(' 或 ')} 也能看，但没有离线启动、相机和设备签名。`)
}

interface DataNote {
  folder: string
  /** Civil date. */
  filledOn: string
  now: number
  size: 'small' | 'bureau'
}

export function printDataNote(
  { folder, filledOn, now, size }: DataNote,
  print: (line: string) => void = console.log,
): void {
  const flags = size === 'bureau' ? '--fresh --bureau' : '--fresh'
  print('')
  print(`数据在 ${folder}，以 ${filledOn} 为“今天”；再次启动会保留。重新生成：npm run demo -- ${flags}`)
  if (filledOn !== civilDate(now)) print('今天已是另一天，课和期限会显得旧；重新生成即可。')
  print('示例内容均为虚构，口令公开，请勿放入真实人员和文件。按 Ctrl+C 停止。')
}
