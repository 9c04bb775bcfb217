/** One question to the endpoint as a desk page shows it: the answer, or a sentence why there is none yet. Nothing is stored. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { RemoteProblem } from '../../remote/call.ts'
import { sentenceOf } from '../../ui/sentence-of.ts'

export interface Trouble {
  title: string
  text: string
}

export function troubleOf(problem: unknown): Trouble {
  const isOffline = problem instanceof RemoteProblem && problem.code === 'offline'
  const text = sentenceOf(problem, '请再试一次；若仍不行，请告诉系统管理员。')
  return { title: isOffline ? '这一页需要联网' : '没有办成', text }
}

export interface Asked<Answer> {
  answer: Readonly<ShallowRef<Answer | undefined>>
  trouble: ShallowRef<Trouble | null>
  /** Asks (again). The last answer stays on the screen until the new one is there. */
  load(): Promise<void>
}

export function useQuestion<Answer>(askNow: (signal: AbortSignal) => Promise<Answer>): Asked<Answer> {
  const answer = shallowRef<Answer>()
  const trouble = shallowRef<Trouble | null>(null)
  let asking: AbortController | undefined

  async function load(): Promise<void> {
    asking?.abort()
    const own = (asking = new AbortController())
    trouble.value = null
    try {
      const got = await askNow(own.signal)
      if (asking === own) answer.value = got
    } catch (problem) {
      if (asking === own) trouble.value = troubleOf(problem)
    }
  }
  void load()
  onScopeDispose(() => {
    const own = asking
    asking = undefined
    own?.abort()
  })
  return { answer, trouble, load }
}
