/** The sheets of a document, branch by branch, as the endpoint has them: no phone of the office holds a branch. Never stored. */
import { computed, shallowRef } from 'vue'
import * as v from 'valibot'
import type { SealedBundle } from '../../../../shared/circulation/bundle/bundle.ts'
import { ask } from '../../../remote/questions.ts'
import { useAct } from '../../../ui/asking/use-act.ts'
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
  const { isRunning: isAsking, trouble, signal, runInTurn } = useAct(ADVICE)

  const askBranches = (): Promise<void> =>
    runInTurn(async () => {
      const path = `document-sheets?documentId=${encodeURIComponent(documentId)}`
      branches.value = (await ask(path, { schema: Answer, signal })).sheets
    })

  async function fetchOne(id: string): Promise<void> {
    const bundle = await askBundle(id, 'view', signal)
    bundles.value = new Map([...bundles.value, [id, bundle]])
  }
  /** Asked anew each time: what was signed meanwhile is on it. */
  const askOne = (id: string): Promise<void> => runInTurn(() => fetchOne(id))
  /** One after the other; those that are there stay, so that trying again goes on. */
  const askAll = (): Promise<void> =>
    runInTurn(async () => {
      for (const { circulationId } of branches.value ?? [])
        if (!bundles.value.has(circulationId)) await fetchOne(circulationId)
    })
  const isComplete = computed(
    () => branches.value?.every(({ circulationId }) => bundles.value.has(circulationId)) === true,
  )
  void askBranches()
  return { branches, bundles, trouble, isAsking, isComplete, askBranches, askOne, askAll }
}
