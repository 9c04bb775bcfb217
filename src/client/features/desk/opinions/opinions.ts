/** What the endpoint answers to the office's question `opinions`, the newest first. */
import * as v from 'valibot'
import { ask } from '../../../remote/questions.ts'

const Opinions = v.object({
  opinions: v.array(v.object({ id: v.string(), name: v.string(), text: v.string(), at: v.number() })),
})

/** @throws RemoteProblem */
export const askOpinions = (signal: AbortSignal): Promise<v.InferOutput<typeof Opinions>> =>
  ask('opinions', { schema: Opinions, signal })

export const writerOf = ({ name }: { name: string }): string => name || '已离开的人员'
