/** 核对文件: asked from the endpoint, which seals it, and handed to the phone as a file. */
import { onScopeDispose, ref } from 'vue'
import type { Circulation } from '../../../../shared/circulation/circulation.ts'
import type { SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { ask } from '../../../remote/questions.ts'
import { saveFile } from '../../../ui/device/save-file.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'

/** What no system takes in a file's name. */
const NOT_IN_NAMES = /[\\/:*?"<>|\p{Cc}]+/gu

export function useBundleFile(id: string) {
  const isSaving = ref(false)
  const trouble = ref('')
  const abort = new AbortController()
  onScopeDispose(() => abort.abort())

  async function save({ title, documentNo }: Pick<Circulation, 'title' | 'documentNo'>): Promise<void> {
    if (isSaving.value) return
    isSaving.value = true
    trouble.value = ''
    try {
      const path = `circulation-bundle?circulationId=${encodeURIComponent(id)}`
      const bundle = await ask<SealedBundle>(path, { signal: abort.signal })
      const name = `传阅核对 ${documentNo} ${title}`.replace(NOT_IN_NAMES, ' ').trim().slice(0, 80)
      saveFile(`${name}.json`, new Blob([JSON.stringify(bundle)], { type: 'application/json' }))
    } catch (error) {
      if (!abort.signal.aborted) trouble.value = sentenceOf(error, '请连上网络后再试。')
    } finally {
      isSaving.value = false
    }
  }
  return { save, isSaving, trouble }
}
