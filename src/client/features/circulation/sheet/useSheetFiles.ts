/**
 * What is taken along of a sheet: 核对文件, asked from the endpoint, which seals it, and the table, made here with no network.
 * Handed to the phone as a file.
 */
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { fileNameOf } from '../../../../shared/circulation/export/file-names.ts'
import type { SheetOf } from '../../../../shared/circulation/export/sheet-table.ts'
import { command } from '../../../remote/commands.ts'
import { ask } from '../../../remote/questions.ts'
import { saveFile } from '../../../ui/device/save-file.ts'
import { useTaking } from '../../../ui/paper/use-taking.ts'

type Named = Pick<Circulation, 'title' | 'documentNo'>

const nameOf = (kind: string, { documentNo, title }: Named, unitName = ''): string =>
  fileNameOf([kind, unitName, documentNo, title].filter(Boolean).join(' '), 80)

/** @param as to be taken along, which the endpoint notes, or only to be looked at */
export const askBundle = (id: string, as: 'file' | 'view', signal: AbortSignal): Promise<SealedBundle> =>
  ask<SealedBundle>(`circulation-bundle?circulationId=${encodeURIComponent(id)}&as=${as}`, { signal })

export function useSheetFiles() {
  const { isTaking: isSaving, trouble, once, signal } = useTaking()

  const save = (id: string, named: Named): Promise<boolean> =>
    once(async () => {
      const bundle = await askBundle(id, 'file', signal)
      const content = new Blob([JSON.stringify(bundle)], { type: 'application/json' })
      saveFile(`${nameOf('传阅核对', named)}.json`, content)
    }, '请连上网络后再试。')

  const saveTable = (of: SheetOf): Promise<boolean> =>
    once(async () => {
      const { writeSheet } = await import('./write-sheet.ts')
      saveFile(`${nameOf('传阅单', of.circulation, of.unitName)}.xlsx`, await writeSheet(of))
    }, '请再试一次；若仍不行，请改用打印。')

  /** At the desk of the office: what is printed or saved as a table is noted by the endpoint before. */
  const note = (kind: 'print' | 'table', circulationIds: readonly string[]): Promise<boolean> =>
    once(() => command('note-circulation-sheets', { circulationIds, kind }, { signal }), '请连上网络后再试。')

  return { save, saveTable, note, isSaving, trouble }
}
