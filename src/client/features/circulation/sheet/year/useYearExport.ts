/**
 * The export of a year as the desk sees it. The browser saves the archive by itself and tells a page nothing, so the page names
 * its export and asks the endpoint how far that has come: it goes on, with its progress, also where the page was left and opened
 * again. Guarantee: “all sent” is said only after the endpoint has handed over the last byte; whatever ended before is said to be
 * incomplete.
 */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import * as v from 'valibot'
import { callEndpoint } from '../../../../remote/call.ts'
import { newCommandId } from '../../../../remote/commands.ts'
import { ask } from '../../../../remote/questions.ts'
import { useAct } from '../../../../ui/asking/use-act.ts'
import { saveAddress } from '../../../../ui/device/save-file.ts'

const Years = v.object({
  years: v.array(v.object({ year: v.string(), documents: v.number(), circulations: v.number() })),
})
const Progress = v.object({
  export: v.nullable(
    v.object({
      id: v.string(),
      year: v.string(),
      by: v.string(),
      done: v.number(),
      all: v.number(),
      state: v.picklist(['running', 'whole', 'cut', 'stopped']),
    }),
  ),
})
export type YearRun = NonNullable<v.InferOutput<typeof Progress>['export']>

const EVERY_MS = 1000
/** A browser asks its person first, some of them. */
const BEGINS_WITHIN_MS = 20_000
const ADVICE = '请连上网络后再试。'
const BUSY = '正在导出另一份，一次只能导一份。请等它导完，或先停止它。'
const NOT_BEGUN = '浏览器没有开始下载。请允许本页下载文件，再导出一次。'

export function useYearExport() {
  const years = shallowRef<v.InferOutput<typeof Years>['years']>()
  const last = shallowRef<YearRun | null>(null)
  const { isRunning: isAsking, trouble, signal, run, runInTurn, fail, refuse } = useAct(ADVICE)
  const isStopping = ref(false)
  /** Begun on this page. */
  const ownId = ref('')
  let beginsUntil = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  onScopeDispose(() => clearTimeout(timer))

  const running = computed(() => (last.value?.state === 'running' ? last.value : undefined))
  const ended = computed(() =>
    last.value?.id === ownId.value && last.value.state !== 'running' ? last.value : undefined,
  )

  async function askProgress(): Promise<void> {
    last.value = (await ask('circulation-year-progress', { schema: Progress, signal })).export
  }

  /** While something runs, or is about to. Without network it goes on asking: the download may outlive a short gap. */
  function follow(): void {
    clearTimeout(timer)
    timer = setTimeout(async () => {
      try {
        await askProgress()
        trouble.value = null
      } catch (error) {
        fail(error)
      }
      if (signal.aborted) return
      const isExpected = ownId.value !== '' && last.value?.id !== ownId.value
      if (running.value !== undefined || trouble.value !== null) follow()
      else if (isExpected && Date.now() < beginsUntil) follow()
      else if (isExpected) refuse(NOT_BEGUN)
    }, EVERY_MS)
  }

  const askAgain = (): Promise<void> =>
    run(async () => {
      years.value = (await ask('circulation-years', { schema: Years, signal })).years
      await askProgress()
      if (running.value !== undefined) follow()
    })

  /** Asked first whether it can be had: what a download is refused for is shown nowhere. */
  const save = (year: string, originals: string): Promise<void> =>
    run(async () => {
      await askProgress()
      if (running.value !== undefined) {
        refuse(BUSY)
        return follow()
      }
      ownId.value = newCommandId()
      beginsUntil = Date.now() + BEGINS_WITHIN_MS
      const address = `/api/office/circulation-year?year=${year}&originals=${originals}&export=${ownId.value}`
      saveAddress(address, `${year} 年文件传阅归档.zip`)
      follow()
    })

  async function stop(): Promise<void> {
    const id = running.value?.id
    if (id === undefined) return
    isStopping.value = true
    await runInTurn(async () => {
      const init = { method: 'POST', body: { id } }
      await callEndpoint('/api/office/circulation-year-stop', init, v.unknown(), { signal })
      await askProgress()
    })
    isStopping.value = false
  }
  const isOwn = (run: YearRun): boolean => run.id === ownId.value
  return { answer: years, trouble, isAsking, askAgain, running, ended, isOwn, isStopping, save, stop }
}
