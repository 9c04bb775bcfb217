/** What has to be on the phone before somebody asks for it: the files of open circulations, and the viewer for them. */
import type { Phone } from '../../storage/phone.ts'
import { keepFiles } from './kept-files/useKeptFiles.ts'

export const keepAhead = (phone: Phone, whenQuiet: () => Promise<void>): (() => void) =>
  keepFiles(phone, whenQuiet)
