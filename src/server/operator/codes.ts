/** `npm run admin -- codes 工号 …`: new activation codes on a sheet to print. */
import { printCodes } from '../import/run/codes.ts'
import type { OperatorCommand } from './command.ts'

export const codesCommand: OperatorCommand = {
  name: 'codes',
  usage: ['npm run admin -- codes 工号 [工号 …]          重新发激活码'],
  run: ({ store, words, now, publicUrl = '' }) =>
    printCodes({ store, staffNos: words, now, folder: process.cwd(), publicUrl }),
}
