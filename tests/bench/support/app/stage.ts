/** What the measurements of the app share: it is built once, each hall filled once, each signed-in profile made once. */
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fillHall, type HallKind } from '../../fill/fill-hall.ts'
import type { Bench } from '../bench.ts'
import type { Child } from '../child.ts'
import { openBenchStores } from '../open-store.ts'
import { buildApp, type BuiltApp } from './build-app.ts'
import { drawnAhead, openPhone, signInAsMember } from './phone.ts'
import { allRowsCame, holdsAll, rowsAtEndpoint, type Rows } from './rows.ts'

export interface ServedApp {
  child: Child
  url: string
  /** What a first sync brings to a phone of the member. */
  expected: Rows
}

export interface Prepared {
  /** A copy of its own for each use. */
  profile(): string
  /** After the first sync the phone held what the endpoint sends. */
  equal: boolean
}

export function createStage(bench: Bench) {
  let app: Promise<BuiltApp> | undefined
  const served = new Map<HallKind, Promise<ServedApp>>()
  const prepared = new Map<HallKind, Promise<Prepared>>()

  async function serve(kind: HallKind): Promise<ServedApp> {
    const { folder: page } = await stage.app()
    bench.log(`准备数据：${kind}`)
    const place = { folder: bench.emptyFolder(), databaseUrl: null }
    const stores = await openBenchStores(place)
    await fillHall(stores, kind, Date.now())
    await stores.close()
    const child = await bench.child('endpoint.ts', { place, page })
    return { child, url: `http://localhost:${child.port}`, expected: await rowsAtEndpoint(child.port) }
  }

  async function prepare(kind: HallKind): Promise<Prepared> {
    const { child, url, expected } = await stage.serve(kind)
    bench.log(`准备手机：登录，取全部内容（${expected.rows} 条）`)
    const source = bench.emptyFolder()
    const phone = await openPhone(bench, { profile: source })
    await signInAsMember(phone.page, url)
    await allRowsCame(phone.page, expected)
    // What the app does when everything has come, such as keeping files ahead, is not for the measurements to meet.
    await phone.page.waitForTimeout(3000)
    await drawnAhead(phone.page)
    const equal = await holdsAll(phone.page, child.port)
    await phone.close()
    const profile = () => {
      const copy = bench.emptyFolder()
      cpSync(source, copy, { recursive: true, filter: (path) => existsSync(path) })
      return copy
    }
    return { profile, equal }
  }

  const stage = {
    bench,
    app: (): Promise<BuiltApp> => {
      if (app === undefined) bench.log('构建应用')
      return (app ??= buildApp(join(bench.folder, 'app')))
    },
    /** The real endpoint as a process of its own, with this hall and the built app. */
    serve(kind: HallKind): Promise<ServedApp> {
      const one = served.get(kind) ?? serve(kind)
      served.set(kind, one)
      return one
    },
    /** A profile on which the member is signed in and everything has come. */
    prepare(kind: HallKind): Promise<Prepared> {
      const one = prepared.get(kind) ?? prepare(kind)
      prepared.set(kind, one)
      return one
    },
  }
  return stage
}

export type Stage = ReturnType<typeof createStage>
