/** What a person does at a browser of any engine: looks for words, taps, types, draws. All input is the engine's own. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Engine } from '../drivers/engine.ts'
import { follow, look, markAll, untilWorkerRuns, wordsOnScreen, type Seen, type Sought } from './in-page.ts'

/** Well over what a busy machine needs; it only ends what hangs. */
const LONGEST_WAIT_MS = 60_000
const LOOK_AGAIN_MS = 80

type More = Omit<Sought, 'kind' | 'name'>
export const button = (name: string, more: More = {}): Sought => ({ kind: 'button', name, ...more })
export const exactly = (name: string, more: More = {}): Sought => button(name, { exact: true, ...more })
export const link = (name: string, more: More = {}): Sought => ({ kind: 'link', name, ...more })
export const field = (name: string, more: More = {}): Sought => ({ kind: 'field', name, ...more })
export const heading = (name: string): Sought => ({ kind: 'heading', name })
export const words = (name: string, more: More = {}): Sought => ({ kind: 'text', name, ...more })
export const element = (css: string): Sought => ({ kind: 'css', name: css })

/** Actions of a finger that Firefox and WebKitGTK take alike. */
const pointer = (actions: object[]) => [
  { type: 'pointer', id: 'finger', parameters: { pointerType: 'mouse' }, actions },
]
const to = (x: number, y: number, duration = 0) => ({
  type: 'pointerMove',
  x: Math.round(x),
  y: Math.round(y),
  duration,
})
const DOWN = { type: 'pointerDown', button: 0 }
const UP = { type: 'pointerUp', button: 0 }

export type Screen = ReturnType<typeof createScreen>

export function createScreen(engine: Engine) {
  /** Until it is so. A page that is just being left answers nothing, and is asked again. */
  async function until<T>(what: string, ask: () => Promise<T | null | false | undefined>): Promise<T> {
    const deadline = Date.now() + LONGEST_WAIT_MS
    let problem = ''
    let asked = 0
    while (Date.now() < deadline) {
      try {
        asked += 1
        const answer = await ask()
        if (answer !== null && answer !== false && answer !== undefined) return answer
      } catch (error) {
        problem = ` (${String(error)})`
      }
      await pause(LOOK_AGAIN_MS)
    }
    const seen = await engine.call(wordsOnScreen).catch(String)
    throw new Error(`in vain: ${what}, asked ${asked} times${problem}; on the screen: ${seen}`)
  }

  const inWords = ({ kind, name, within }: Sought) =>
    `${kind} ${name}${within === undefined ? '' : ` in ${within.css} ${within.text ?? ''}`}`
  const see = (sought: Sought): Promise<Seen> => until(inWords(sought), () => engine.call(look, sought))

  /** It stands still, and nothing lies over it. */
  async function reach(sought: Sought): Promise<Seen> {
    let before: Seen | undefined
    return await until(`${inWords(sought)} within reach`, async () => {
      const now = (await engine.call(look, sought)) ?? undefined
      const isStill = now?.isOnTop === true && before?.x === now.x && before.y === now.y
      before = now
      return isStill && now
    })
  }

  async function tap(sought: Sought): Promise<void> {
    const { x, y } = await reach(sought)
    await engine.perform(pointer([to(x, y), DOWN, UP]))
  }

  return {
    engine,
    see,
    tap,
    until,
    isSeen: async (sought: Sought): Promise<boolean> => (await engine.call(look, sought)) !== null,
    gone: (sought: Sought) =>
      until(`${inWords(sought)} gone`, async () => (await engine.call(look, sought)) === null),
    async open(url: string): Promise<void> {
      await engine.goto(url)
    },
    go: (path: string) => engine.call(follow, path),
    workerRuns: () => engine.call(untilWorkerRuns),
    /** Key by key, over what was there. */
    async fill(sought: Sought, text: string): Promise<void> {
      await tap(sought)
      await engine.call(markAll)
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await engine.perform([{ type: 'key', id: 'keys', actions }])
      await until(
        `${inWords(sought)} holds ${text}`,
        async () => (await engine.call(look, sought))?.value === text,
      )
    },
    /** Answers the question that stands on the screen. */
    async answer(word: string): Promise<void> {
      await tap(exactly(word, { within: { css: '[role=alertdialog]' } }))
      await until(
        'the question gone',
        async () => (await engine.call(look, element('[role=alertdialog]'))) === null,
      )
    },
    /** Three strokes on the pad, as a hand makes them. */
    async draw(): Promise<void> {
      const { x, y, width, height } = await reach(element('.pad canvas'))
      const [left, top] = [x - width / 2, y - height / 2]
      for (const share of [0.3, 0.5, 0.7]) {
        const points = Array.from({ length: 8 }, (_, n) =>
          to(left + 65 + n * 25, top + height * share + (n % 2) * 14, 20),
        )
        await engine.perform(pointer([to(left + 40, top + height * share), DOWN, ...points, UP]))
      }
    },
  }
}
