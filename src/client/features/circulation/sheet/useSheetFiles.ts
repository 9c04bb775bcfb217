/**
 * What is taken along of a sheet: 核对文件, asked from the endpoint, which seals it, and the table, made here with no network.
 * Handed to the phone as a file.
 */
import { onScopeDispose, ref } from 'vue'
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { fileNameOf } from '../../../../shared/circulation/export/file-names.ts'
import type { SheetOf } from '../../../../shared/circulation/export/sheet-table.ts'
import { ask } from '../../../remote/questions.ts'
import { saveFile } from '../../../ui/device/save-file.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

type Named = Pick<Circulation, 'title' | 'documentNo'>

const nameOf = (kind: string, { documentNo, title }: Named, unitName = ''): string =>
  fileNameOf([kind, unitName, documentNo, title].filter(Boolean).join(' '), 80)

export const askBundle = (id: string, signal: AbortSignal): Promise<SealedBundle> =>
  ask<SealedBundle>(`circulation-bundle?circulationId=${encodeURIComponent(id)}`, { signal })

export function useSheetFiles() {
  const isSaving = ref(false)
  const trouble = ref('')
  const abort = new AbortController()
  onScopeDispose(() => abort.abort())

  async function once(act: () => Promise<void>, advice: string): Promise<void> {
    if (isSaving.value) return
    isSaving.value = true
    trouble.value = ''
    try {
      await act()
    } catch (error) {
      if (!abort.signal.aborted) trouble.value = sentenceOf(error, advice)
    } finally {
      isSaving.value = false
    }
  }

  const save = (id: string, named: Named): Promise<void> =>
    once(async () => {
      const bundle = await askBundle(id, abort.signal)
      const content = new Blob([JSON.stringify(bundle)], { type: 'application/json' })
      saveFile(`${nameOf('传阅核对', named)}.json`, content)
    }, '请连上网络后再试。')

  const saveTable = (of: SheetOf): Promise<void> =>
    once(async () => {
      const { writeSheet } = await import('./write-sheet.ts')
      saveFile(`${nameOf('传阅单', of.circulation, of.unitName)}.xlsx`, await writeSheet(of))
    }, '请再试一次；若仍不行，请改用打印。')

  return { save, saveTable, isSaving, trouble }
}
