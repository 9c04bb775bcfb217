/**
 * Two thousand random histories of phones over the pure sync core, every law checked at the end of each and some at every step.
 * `SOAK_RUNS` or `SOAK_SECONDS` let it run longer, `SOAK_SEED` repeats a run.
 *
 * That the checks can fail is shown by mutants: a phone or an endpoint that does one thing wrong is found.
 */
import * as fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { canonicalJson } from '../../src/shared/sync/canonical.ts'
import type { JsonObject } from '../../src/shared/sync/json.ts'
import { definitions } from '../../src/shared/sync/registry.ts'
import type { OutboxEntry } from '../../src/client/storage/rows.ts'
import type { Transport } from '../../src/client/sync/line/transport.ts'
import type { RecordRow } from '../../src/server/store/sql/record-rows.ts'
import { withoutShrinkingHangs } from '../support/step-limit.ts'
import { LINE_FAULTS } from '../support/memory/line.ts'
import { SimPhone } from '../support/memory/sim-phone.ts'
import { World } from '../support/memory/world.ts'
import { history, type Act } from './histories/acts.ts'
import { checkAll } from './histories/checks.ts'
import { comeToRest, playAct, begin, type Mutant, type Play } from './histories/play.ts'
import { runCoreHistories } from './histories/run.ts'

// Thousands of runs take their time on a busy machine; nothing here is about speed.
vi.setConfig({ testTimeout: 300_000 })

const numberOf = (name: string): number | undefined => {
  const text = process.env[name]
  return text === undefined || text === '' ? undefined : Number(text)
}
const seed = numberOf('SOAK_SEED')
const seconds = numberOf('SOAK_SECONDS')
const runs = numberOf('SOAK_RUNS') ?? 2_000

describe('random histories on the sync core', () => {
  it(
    'keep every law',
    async () => {
      const report = await runCoreHistories({
        runs,
        ...(seed === undefined ? {} : { seed }),
        ...(seconds === undefined ? {} : { untilMs: Date.now() + seconds * 1_000 }),
      })
      // The seed is part of what is printed; SOAK_SEED repeats it.
      expect(report.failure ?? 'none').toBe('none')
      expect(report.runs).toBeGreaterThan(0)
    },
    (seconds ?? 600) * 2_000,
  )
})

/** How the mutants do wrong. */
const MUTANTS: Record<string, { mutant: Mutant; breaks: string }> = {
  'a phone that drops what was sent when the endpoint is overloaded': {
    breaks: 'whatNothingForbidsArrives',
    mutant: {
      spoil: (transport) => ({
        ...transport,
        push: async (request) => {
          const answer = await transport.push(request)
          if (answer.ok || answer.failure.kind !== 'refused' || answer.failure.code !== 'overloaded')
            return answer
          const outcomes = request.mutations.map(({ n }) => ({ n, status: 'accepted' as const }))
          return {
            ok: true,
            value: { lastMutation: request.mutations.at(-1)?.n ?? 0, serverTime: 0, outcomes },
          }
        },
      }),
    },
  },
  'a phone that loses the first row of a page and moves its cursor': {
    breaks: 'the cursor passed',
    mutant: { spoil: (transport) => ({ ...transport, pull: pullWithout(transport) }) },
  },
  'a phone that forgets what to drop': {
    breaks: 'nothingUnreadableIsLeft',
    mutant: {
      spoil: (transport) => ({
        ...transport,
        pull: async (request) => {
          const answer = await transport.pull(request)
          if (!answer.ok) return answer
          return { ok: true, value: { ...answer.value, scopes: { ...answer.value.scopes, drop: [] } } }
        },
      }),
    },
  },
  'a phone that tells its endpoint nothing of the order': {
    breaks: 'orderOfADeviceIsKept',
    mutant: { disk: reverseQueue },
  },
  'an endpoint that applies a fact twice': {
    breaks: 'everythingHasOneEffect',
    mutant: { world: (world) => onPut(world, 'opinion', (row) => ({ ...row, id: `${row.id}-again` }), true) },
  },
  'an endpoint that forgets a fact after it accepted it': {
    breaks: 'noFactIsLost',
    mutant: { world: (world) => onPut(world, 'opinion', (row) => ({ ...row, type: 'forgotten' })) },
  },
  'an endpoint that takes whoever carries it for the author': {
    breaks: 'everythingHasItsAuthor',
    mutant: { world: (world) => onPut(world, 'opinion', (row) => ({ ...row, author: 'sun' })) },
  },
  'an endpoint that strips what it does not know': {
    breaks: 'theLastEditOfADraftStands',
    mutant: {
      world: (world) => onPut(world, 'note', (row) => ({ ...row, fields: without('text', row.fields) })),
    },
  },
  'an endpoint that strips what a newer version added to content': {
    breaks: 'unknownFieldsAreKept',
    mutant: {
      world: (world) => onPut(world, 'meeting', (row) => ({ ...row, fields: without('later', row.fields) })),
    },
  },
  'a phone that strips what a newer version added to what it shows': {
    breaks: 'unknownFieldsAreKept',
    mutant: { spoil: (transport) => ({ ...transport, pull: pullStripped(transport) }) },
  },
}

function pullWithout(transport: Transport): Transport['pull'] {
  return async (request) => {
    const answer = await transport.pull(request)
    if (!answer.ok) return answer
    return { ok: true, value: { ...answer.value, records: answer.value.records.slice(1) } }
  }
}

/** The queue is sent last in, first out. */
function reverseQueue(phone: SimPhone): void {
  const { state } = phone.disk
  phone.disk.state = (name) => {
    const table = state.call(phone.disk, name)
    if (name !== 'outbox') return table
    const keys = [...table.rows.values()].map(({ key }) => key as number)
    const lowest = Math.min(1_000_000, ...keys)
    return {
      rows: table.rows,
      get nextKey() {
        return lowest - 1
      },
      set nextKey(_next: number) {},
    }
  }
}

function without(name: string, fields: string): string {
  const { [name]: _stripped, ...rest } = JSON.parse(fields) as JsonObject
  return JSON.stringify(rest)
}

function pullStripped(transport: Transport): Transport['pull'] {
  return async (request) => {
    const answer = await transport.pull(request)
    if (!answer.ok) return answer
    const strip = (fields: JsonObject) => JSON.parse(without('weather', JSON.stringify(fields))) as JsonObject
    const records = answer.value.records.map((record) => ({ ...record, fields: strip(record.fields) }))
    return { ok: true, value: { ...answer.value, records } }
  }
}

/** Spoils what the endpoint writes; with `also` it writes the sound row as well. */
function onPut(world: World, type: string, spoil: (row: RecordRow) => RecordRow, also = false): void {
  const { tables } = world.store
  const put = tables.put.bind(tables)
  tables.put = (table, row) => {
    const record = row as RecordRow
    const isMine = table === 'records' && record.type === type && record.author !== 'endpoint'
    if (!isMine) return put(table, row)
    if (also) put(table, row)
    put(table, spoil(record))
  }
}

describe('the checks find', () => {
  for (const [name, { mutant, breaks }] of Object.entries(MUTANTS)) {
    it(name, async () => {
      const report = await runCoreHistories({ runs: 300, mutant, seed: 7, laws: breaks })
      expect(report.failure ?? 'nothing').toContain(breaks)
    })
  }
})

describe('a step that never ends', () => {
  const never = (): Promise<never> => new Promise(() => undefined)
  it('is named with its seed, not waited for', async () => {
    const mutant: Mutant = { stepMs: 200, spoil: (transport) => ({ ...transport, push: never }) }
    const { failure } = await runCoreHistories({ runs: 50, seed: 7, mutant })
    expect(failure).toMatch(/seed: 7[^]+never ended: (act \d+, \{|healing, turn 1)/)
  })
  it('also when a phone cannot be opened, as where it lacks a table', async () => {
    const open = vi.spyOn(SimPhone, 'open').mockImplementation(never)
    const { failure } = await runCoreHistories({ runs: 2, seed: 7, mutant: { stepMs: 100 } })
    open.mockRestore()
    expect(failure).toMatch(/seed: 7[^]+never ended: opening the phone of \w+/)
  })
})

describe('the model itself', () => {
  it('strikes with every fault of the line and of the disk, and delivers and refuses all the same', async () => {
    const struck = new Set<string>()
    const seen = new Set<string>()
    let arrived = 0
    let refused = 0
    for (const one of fc.sample(history, { numRuns: 250, seed: 11 })) {
      const sim = await begin(one)
      for (const act of one.acts) {
        seen.add(act.act)
        await playAct(sim, act)
      }
      await comeToRest(sim)
      for (const fault of sim.world.struck) struck.add(fault)
      for (const { disk } of sim.phones) for (const fault of disk.struck) struck.add(fault)
      arrived += sim.world.journal.filter(({ author }) => author !== 'endpoint').length
      refused += sim.phones.reduce((sum, phone) => sum + phone.disk.size('attention'), 0)
    }
    const disk = ['killed', 'killed-after-commit', 'quota', 'lost-connection']
    expect([...LINE_FAULTS, ...disk].filter((fault) => !struck.has(fault))).toEqual([])
    expect(seen.size).toBe(19)
    expect(arrived).toBeGreaterThan(500)
    expect(refused).toBeGreaterThan(50)
  })
})

describe('what was delivered 200 days before a restore', () => {
  const opinion: Act = { act: 'write', what: 'opinion', phone: 0, key: 0, disk: undefined }
  const sync: Act = { act: 'sync', phone: 0, line: [], disk: undefined, meanwhile: undefined }
  const lost: Act[] = [opinion, sync, { act: 'time', hours: 200 * 24 }, { act: 'restored' }]
  const played = async (): Promise<Play> => {
    const sim = await begin({ crew: ['lin', 'wu'], pageLimit: 6, newer: false, acts: [] })
    for (const act of lost) await playAct(sim, act)
    return sim
  }

  it('comes back from its author’s phone', async () => {
    const sim = await played()
    await comeToRest(sim)
    expect(checkAll(sim)).toEqual([])
    expect(sim.world.held().filter(({ type }) => type === 'opinion')).toHaveLength(1)
  })

  it('is called lost as long as it has not', async () => {
    const sim = await played()
    for (const law of ['noFactIsLost: lost', 'whatNothingForbidsArrives: not delivered'])
      expect(checkAll(sim).join('\n')).toContain(law)
  })
})

/** What stands at the endpoint but for revisions, which count what was refused nowhere, and times. */
function standing(world: World): string[] {
  const plain = world
    .held()
    .map(({ type, id, fields, author, deleted }) => canonicalJson({ type, id, fields, author, deleted }))
  return plain.sort()
}

describe('refusing k of n', () => {
  it('leaves the other n − k as if the k had never been written', async () => {
    const write = fc.record({
      isBad: fc.boolean(),
      what: fc.constantFrom('opinion', 'note', 'meeting'),
      key: fc.nat({ max: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { minLength: 1, maxLength: 10 }),
        fc.nat({ max: 2 }),
        withoutShrinkingHangs(async (writes, how) => {
          const play = async (list: typeof writes): Promise<string[]> => {
            const world = await World.open()
            const phone = await SimPhone.open(world, { person: 'wu', pageLimit: 50 })
            for (const one of list) await writeOne(phone, one, writes.indexOf(one), how)
            await phone.sync()
            await phone.sync()
            return standing(world)
          }
          expect(await play(writes)).toEqual(await play(writes.filter(({ isBad }) => !isBad)))
        }),
      ),
      { numRuns: 150 },
    )
  })

  /** A bad one is refused by its fields, by its clock, or for what it does not rest on. */
  async function writeOne(
    phone: SimPhone,
    { isBad, what, key }: { isBad: boolean; what: string; key: number },
    at: number,
    how: number,
  ): Promise<void> {
    const { store } = phone.tab
    if (isBad) {
      const id = await store.put('opinion', { personId: 'wu', text: `坏 ${at}` }, { id: `bad-${at}` })
      const entry = phone.disk.rows<OutboxEntry>('outbox').find((e) => e.id === id)!
      const spoiled = [{ fields: {} }, { hlc: 'no clock' }, { scope: 'unit:b' }][how]!
      phone.disk.overwrite('outbox', entry.seq, { ...entry, ...spoiled } as never)
    } else if (what === 'opinion')
      await store.put('opinion', { personId: 'wu', text: `好 ${at}` }, { id: `good-${at}` })
    else if (what === 'note')
      await store.edit(
        'note',
        `n${key}`,
        { text: `记 ${at}` },
        { create: { personId: 'wu', bookId: 'b', chapterId: 'c', paragraph: 1 } },
      )
    else {
      const sittings = [{ id: 's', name: '早班', startsAt: 1 }]
      await store.put(
        'meeting',
        { unitId: 'a', kindId: 'k', title: `会 ${at}`, date: '2026-11-23', sittings },
        { id: `m${key}` },
      )
    }
  }
})

describe('a wrong clock', () => {
  it('changes nothing of what is delivered and to whom', async () => {
    const free = history.map((one) => ({
      ...one,
      // What is judged by the moment (a role that ended) may rightly differ; what is only delivered may not.
      acts: one.acts.filter(
        (act) => !['org', 'restored', 'wiped', 'cloned', 'poisoned', 'row-garbled', 'time'].includes(act.act),
      ),
    }))
    const delivered = (sim: Play): string[] =>
      sim.world
        .held()
        .filter(
          ({ type, author }) =>
            author !== 'endpoint' && definitions.some((d) => d.type === type && d.conflict === 'fact'),
        )
        .map(
          ({ type, author, fields }) =>
            `${type} ${author} ${String((JSON.parse(fields) as JsonObject).text ?? '')}`,
        )
        .sort()
    await fc.assert(
      fc.asyncProperty(
        free,
        withoutShrinkingHangs(async (one) => {
          const play = async (isRight: boolean): Promise<string[]> => {
            const sim = await begin(one)
            for (const act of one.acts)
              if (act.act !== 'sync' || act.meanwhile === undefined)
                if (!isRight || act.act !== 'clock') await playAct(sim, act)
            await comeToRest(sim)
            expect(checkAll(sim)).toEqual([])
            return delivered(sim)
          }
          expect(await play(false)).toEqual(await play(true))
        }),
      ),
      { numRuns: 60 },
    )
  })
})
