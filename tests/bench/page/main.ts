/** The page that the benchmark drives. Each side is loaded alone: two copies of Dexie do not bear each other in one page. */
type Acts = Record<string, (argument: never) => Promise<unknown>>

const sides: Record<string, () => Promise<unknown>> = {
  ours: () => import('./ours.ts'),
  floor: () => import('./floor.ts'),
  pouch: () => import('./pouch.ts'),
  rx: () => import('./rx.ts'),
}

async function bench(side: string, act: string, argument: unknown): Promise<unknown> {
  const acts = (await sides[side]?.()) as Acts | undefined
  const run = acts?.[act]
  if (run === undefined) throw new Error(`no such act: ${side}.${act}`)
  return run(argument as never)
}

Object.assign(globalThis, { bench })
