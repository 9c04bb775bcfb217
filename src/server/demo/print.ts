/** The table of who can sign in, in columns that stay straight: a Chinese character is two columns wide in a terminal. */
import type { DemoAccount } from './accounts.ts'

const isWide = (sign: string) => /[ᄀ-ᅟ⺀-〿぀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/.test(sign)
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
