/** Processes of the benchmark: started, asked, stopped. Each answers questions by name over the channel of its parent. */
import { fork, type ChildProcess } from 'node:child_process'

export interface Child {
  port: number
  ask<T>(question: string, payload?: unknown): Promise<T>
  /** One of servers/endpoint-acts.ts, by an endpoint. */
  act<T>(name: string, payload?: unknown): Promise<T>
  stop(): Promise<void>
}

interface Told {
  id: number
  answer?: unknown
  problem?: string
}

const QUIET = '--disable-warning=ExperimentalWarning'
/** `BENCH_PROFILE=<folder>`: every process leaves a CPU profile there. */
const profiling = (): string[] => {
  const folder = process.env.BENCH_PROFILE
  return folder === undefined || folder === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

export async function startChild(file: string, setup: unknown): Promise<Child> {
  const child = fork(file, [], { execArgv: [QUIET, ...profiling()], serialization: 'advanced' })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (problem: Error) => void }>()
  let ids = 0
  child.on('message', (told: Told) => {
    const asked = waiting.get(told.id)
    waiting.delete(told.id)
    if (told.problem === undefined) asked?.resolve(told.answer)
    else asked?.reject(new Error(told.problem))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values())
      reject(new Error(`a process of the benchmark ended with ${code}`))
    waiting.clear()
  })
  const ask = <T>(question: string, payload?: unknown) =>
    new Promise<T>((resolve, reject) => {
      const id = ++ids
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      child.send({ id, question, payload }, (problem) => {
        if (problem !== null) reject(problem)
      })
    })
  const { port } = await ask<{ port: number }>('start', setup)
  return { port, ask, act: (name, payload) => ask('act', [name, payload]), stop: () => stop(child) }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(timer)
}

export type Questions = Record<string, (payload: never) => unknown>

/** The child's side. */
export function answerParent(questions: Questions): void {
  const send = (told: Told) => process.send?.(told)
  process.on('message', ({ id, question, payload }: { id: number; question: string; payload: never }) => {
    void (async () => {
      try {
        const answer = questions[question]
        if (answer === undefined) throw new Error(`no such question: ${question}`)
        send({ id, answer: await answer(payload) })
      } catch (problem) {
        send({ id, problem: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) })
      }
    })()
  })
  process.on('disconnect', () => process.exit(0))
}
