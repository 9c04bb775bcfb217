/** The sheets of a document, branch by branch, as the endpoint has them: no phone of the office holds a branch. Never stored. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import * as v from 'valibot'
import type { SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { ask } from '../../../remote/questions.ts'
import { sentenceOf } from '../../../ui/sentence-of.ts'
import { askBundle } from './useSheetFiles.ts'

const Answer = v.object({
  sheets: v.array(
    v.object({
      circulationId: v.string(),
      unitName: v.string(),
      title: v.string(),
      documentNo: v.string(),
      state: v.string(),
    }),
  ),
})
export type BranchSheet = v.InferOutput<typeof Answer>['sheets'][number]

const ADVICE = '请连上网络后再试。'

export function useDeskSheets(documentId: string) {
  const branches = shallowRef<BranchSheet[]>()
  /** By circulation: what has been asked for so far. */
  const bundles = shallowRef<ReadonlyMap<string, SealedBundle>>(new Map())
  const trouble = ref('')
  const isAsking = ref(false)
  const abort = new AbortController()
  const { signal } = abort
  onScopeDispose(() => abort.abort())

  async function attempt(act: () => Promise<void>): Promise<void> {
    isAsking.value = true
    trouble.value = ''
    try {
      await act()
    } catch (error) {
      if (!signal.aborted) trouble.value = sentenceOf(error, ADVICE)
    } finally {
      isAsking.value = false
    }
  }
  /** One after the other: what was chosen last is asked last, and nothing that was chosen is dropped. */
  let asked = Promise.resolve()
  const inTurn = (act: () => Promise<void>): Promise<void> => (asked = asked.then(() => attempt(act)))

  const askBranches = (): Promise<void> =>
    inTurn(async () => {
      const path = `document-sheets?documentId=${encodeURIComponent(documentId)}`
      branches.value = (await ask(path, { schema: Answer, signal })).sheets
    })

  async function fetchOne(id: string): Promise<void> {
    const bundle = await askBundle(id, 'view', signal)
    bundles.value = new Map([...bundles.value, [id, bundle]])
  }
  /** Asked anew each time: what was signed meanwhile is on it. */
  const askOne = (id: string): Promise<void> => inTurn(() => fetchOne(id))
  /** One after the other; those that are there stay, so that trying again goes on. */
  const askAll = (): Promise<void> =>
    inTurn(async () => {
      for (const { circulationId } of branches.value ?? [])
        if (!bundles.value.has(circulationId)) await fetchOne(circulationId)
    })
  const isComplete = computed(
    () => branches.value?.every(({ circulationId }) => bundles.value.has(circulationId)) === true,
  )
  void askBranches()
  return { branches, bundles, trouble, isAsking, isComplete, askBranches, askOne, askAll }
}
