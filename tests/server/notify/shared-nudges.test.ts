/** Nudges between processes: heard once, in few words, and never at the cost of a write. */
import { EventEmitter } from 'node:events'
import * as fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { ANYTHING } from '../../../src/server/notify/nudges.ts'
import {
  chunksOf,
  createSharedNudges,
  type ChannelListener,
} from '../../../src/server/notify/shared-nudges.ts'
import type { Stores } from '../../../src/server/open-stores.ts'
import { openNotices } from '../../../src/server/store/postgres/notices.ts'
import { startPostgres, type TestPostgres } from '../../support/postgres.ts'
import { createOpenedStores } from '../../support/postgres-stores.ts'

it('cuts what is said to the length of the channel, and loses no name', () => {
  const name = fc.stringMatching(/^[a-z:]{1,40}$/)
  fc.assert(
    fc.property(fc.array(name, { maxLength: 200 }), fc.integer({ min: 40, max: 300 }), (names, maxBytes) => {
      const chunks = chunksOf(names, maxBytes)
      expect(chunks.join(' ')).toBe(names.join(' '))
      for (const chunk of chunks) expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(maxBytes)
    }),
  )
  expect(chunksOf(['unit:a', '党'.repeat(20)], 30)).toEqual([`unit:a ${ANYTHING}`])
  expect(chunksOf([], 30)).toEqual([])
})

/** A connection that answers what it is told to, when it is told to. */
class FakeClient extends EventEmitter {
  readonly said: string[] = []
  failBeat: (problem: Error) => void = () => undefined
  readonly isSilent: boolean
  constructor(isSilent: boolean) {
    super()
    this.isSilent = isSilent
  }
  connect = () => Promise.resolve()
  end = () => Promise.resolve()
  query({ text, values }: { text: string; values: string[] }): Promise<void> {
    this.said.push(text.startsWith('select pg_notify') ? values[1]! : text)
    if (!this.isSilent || text.startsWith('listen')) return Promise.resolve()
    return new Promise((_resolve, reject) => (this.failBeat = reject))
  }
}

it('tells a gap for a word that waited behind a heartbeat which was never answered', async () => {
  const [silent, next] = [new FakeClient(true), new FakeClient(false)]
  const clients = [silent, next]
  const notices = openNotices({
    newClient: () => clients.shift() as never,
    onNotice: () => undefined,
    onGap: () => undefined,
    lostWord: ANYTHING,
  })
  await eventually(() => expect(silent.said).toContain('select 1'))
  notices.say('unit:a')
  silent.failBeat(new Error('Query read timeout'))
  await eventually(() => expect(next.said).toContain(ANYTHING))
  await notices.close()
})

describe('in one process', () => {
  const setUp = () => {
    let listener!: ChannelListener
    const said: string[] = []
    const nudges = createSharedNudges((given) => {
      listener = given
      return { say: (text) => void said.push(text), close: () => Promise.resolve() }
    }, 100)
    const heard: string[] = []
    const stop = nudges.listen((scope) => void heard.push(scope))
    return { nudges, said, heard, stop, listener }
  }
  const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

  it('tells listeners here at once, and the others together what moved in one turn', async () => {
    const { nudges, said, heard, stop } = setUp()
    nudges.moved(['unit:a', 'org'])
    nudges.moved(['org'])
    nudges.moved([])
    expect(heard).toEqual(['unit:a', 'org', 'org'])
    await turn()
    expect(said).toEqual(['unit:a org'])
    stop()
    nudges.moved(['org'])
    expect(heard).toHaveLength(3)
  })

  it('tells what others say, and that something may have been missed', () => {
    const { heard, listener } = setUp()
    listener.onNotice('unit:a org')
    listener.onGap()
    expect(heard).toEqual(['unit:a', 'org', ANYTHING])
  })

  it('says what is left before it closes', async () => {
    const { nudges, said } = setUp()
    nudges.moved(['org'])
    await nudges.close()
    expect(said).toEqual(['org'])
  })
})

describe('between processes', () => {
  let postgres: TestPostgres
  let url: string
  let here: Stores
  let there: Stores
  const opened = createOpenedStores()
  const ear = (of: Stores) => {
    const heard: string[] = []
    of.nudges.listen((scope) => void heard.push(scope))
    return heard
  }
  const listening = (count: number) =>
    eventually(async () => {
      const rows = await postgres.query(
        `select 1 from pg_stat_activity where query in ('listen window_hall', 'select 1')`,
      )
      expect(rows.length).toBeGreaterThanOrEqual(count)
    })

  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())
  beforeEach(async () => {
    await postgres.start()
    url = await postgres.newDatabase()
    here = await opened.process(url, 2)
    there = await opened.process(url, 2)
    await listening(2)
  })
  afterEach(() => opened.closeAll())

  it('is heard once by each, and by who said it not again', async () => {
    const [own, others] = [ear(here), ear(there)]
    here.nudges.moved(['unit:a', 'org'])
    await eventually(() => expect(others).toEqual(['unit:a', 'org']))
    there.nudges.moved(['unit:b'])
    await eventually(() => expect(own).toContain('unit:b'))
    expect(own).toEqual(['unit:a', 'org', 'unit:b'])
    expect(others).toEqual(['unit:a', 'org', 'unit:b'])
  })

  it('takes more names than one notice holds', async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `file:${'u'.repeat(36)}:person-${at}`)
    const others = ear(there)
    here.nudges.moved(names)
    await eventually(() => expect(others).toHaveLength(names.length))
    expect(others).toEqual(names)
  })

  it('tells ANYTHING after its connection was cut, and hears again', async () => {
    const others = ear(there)
    await postgres.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
      [],
      url,
    )
    await eventually(() => expect(others).toContain(ANYTHING))
    await listening(2)
    here.nudges.moved(['unit:again'])
    await eventually(() => expect(others).toContain('unit:again'))
  })

  it('lets writes through while nobody can be told, and owes the others a word', async () => {
    const others = ear(there)
    await postgres.shutDown()
    here.nudges.moved(['unit:unheard'])
    await postgres.start()
    await eventually(() => expect(others).toContain(ANYTHING))
    here.nudges.moved(['unit:heard'])
    await eventually(async () => {
      here.nudges.moved(['unit:heard'])
      expect(others).toContain('unit:heard')
    })
  })
})
