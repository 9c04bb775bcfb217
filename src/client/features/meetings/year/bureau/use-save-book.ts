/** Saves the bureau's year as a spreadsheet; what writes it is loaded when it is asked for. */
import type { BureauYear } from '../../../../../shared/meetings/year/bureau/bureau-year.ts'
import type { Phone } from '../../../../storage/phone.ts'
import { useAct } from '../../../../ui/asking/use-act.ts'
import { saveFile } from '../../../../ui/device/save-file.ts'

export function useSaveBook(phone: Pick<Phone, 'person'>) {
  const { isRunning, trouble, run } = useAct('表格没有存下，请再试一次；若仍不行，请告诉系统管理员。')
  const save = (answer: BureauYear): Promise<void> =>
    run(async () => {
      const { writeBureauBook } = await import('./write-bureau-book.ts')
      saveFile(`各支部 ${answer.year} 年会议.xlsx`, await writeBureauBook(answer, phone.person.name))
    })
  return { isSaving: isRunning, trouble, save }
}
