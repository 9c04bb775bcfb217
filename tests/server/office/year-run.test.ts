/**
 * The export of a year as it runs, attacked: stopped, left alone, cut in the middle over a real line, asked for twice. And the trail
 * of what is taken out one by one.
 */
import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listen } from '../../../src/server/listen.ts'
import { createExportRuns } from '../../../src/server/office/circulation-year/export-run.ts'
import { createRunClaim } from '../../../src/server/office/circulation-year/run-claim.ts'
import type { CirculationExport } from '../../../src/shared/circulation/export/circulation-export.ts'
import { circulationId } from '../../../src/shared/circulation/circulation.ts'
import { eventually } from '../../support/eventually.ts'
import { branchId, connect, personIdOf, setupEndpoint, type TestEndpoint } from '../../support/endpoint.ts'
import { layGround, uid } from '../../support/samples.ts'

describe('a run', () => {
  const of = { id: 'export-1', year: '2026', by: '何伟' }
  async function* chunks(count: number, ended: () => void = () => undefined) {
    try {
      for (let n = 0; n < count; n++) yield new Uint8Array(10)
    } finally {
      ended()
    }
  }
  /** What the processes of an endpoint share. */
  function sharedLine(clock = Date.now) {
    const settings = new Map<string, string>()
    const tx = {
      setting: (key: string) => Promise.resolve(settings.get(key)),
      setSetting: (key: string, value: string) => Promise.resolve(void settings.set(key, value)),
    }
    const transaction = <T>(body: (its: never) => Promise<T>): Promise<T> => body(tx as never)
    return createRunClaim({ read: transaction, write: (_scopes, body) => transaction(body) }, clock)
  }
  const runs = (stopping = new AbortController().signal, claim = sharedLine()) =>
    createExportRuns(claim, stopping, 1000)
  const begun = async (all: ReturnType<typeof runs>, id = of.id) => (await all.begin({ ...of, id }))!

  it('is whole only when its last byte was taken', async () => {
    const all = runs()
    expect(await all.last()).toBeUndefined()
    const run = await begun(all)
    const reader = run.stream(chunks(2)).getReader()
    run.onProgress(1, 2)
    await reader.read()
    expect(await all.last()).toEqual({ ...of, done: 1, all: 2, state: 'running' })
    await reader.read()
    expect((await all.last())!.state).toBe('running')
    expect((await reader.read()).done).toBe(true)
    expect((await all.last())!.state).toBe('whole')
  })

  it('ends when it is stopped, and its source with it; a late word about another changes nothing', async () => {
    const all = runs()
    const ended = vi.fn<() => void>()
    const reader = (await begun(all)).stream(chunks(9, ended)).getReader()
    await reader.read()
    expect(await all.stop('another-one')).toBe(false)
    expect(await all.stop(of.id)).toBe(true)
    await expect(reader.read()).rejects.toThrow('stopped')
    await eventually(() => expect(ended).toHaveBeenCalledTimes(1))
    expect([(await all.last())!.state, await all.stop(of.id)]).toEqual(['stopped', false])
    const second = await begun(all, 'export-2')
    await all.stop(of.id)
    expect(await all.last()).toMatchObject({ id: 'export-2', state: 'running' })
    await second.abandon()
    expect((await all.last())!.state).toBe('cut')
  })

  it('ends when nobody takes anything for long, when the reader goes away, and when the endpoint stops', async () => {
    vi.useFakeTimers()
    const all = runs()
    const reader = (await begun(all)).stream(chunks(9)).getReader()
    for (let n = 0; n < 4; n++) {
      await reader.read()
      await vi.advanceTimersByTimeAsync(900)
    }
    expect((await all.last())!.state).toBe('running')
    await vi.advanceTimersByTimeAsync(200)
    expect((await all.last())!.state).toBe('cut')
    await expect(reader.read()).rejects.toThrow('cut')
    const ended = vi.fn<() => void>()
    const left = (await begun(all)).stream(chunks(9, ended)).getReader()
    await left.read()
    await left.cancel()
    expect([ended.mock.calls.length, (await all.last())!.state]).toEqual([1, 'cut'])
    // Nobody ever began to read.
    ;(await begun(all)).stream(chunks(9))
    await vi.advanceTimersByTimeAsync(1100)
    expect((await all.last())!.state).toBe('cut')
    vi.useRealTimers()
    const stopping = new AbortController()
    const stopped = runs(stopping.signal)
    const last = (await begun(stopped)).stream(chunks(9)).getReader()
    await last.read()
    stopping.abort()
    await expect(last.read()).rejects.toThrow('cut')
  })

  it('says of a source that fails that it was cut', async () => {
    const all = runs()
    async function* failing() {
      yield new Uint8Array(1)
      throw new Error('the disk is gone')
    }
    const reader = (await begun(all)).stream(failing()).getReader()
    await reader.read()
    await expect(reader.read()).rejects.toThrow('the disk')
    expect((await all.last())!.state).toBe('cut')
  })

  it('is seen, refused and stopped from another process of the endpoint', async () => {
    vi.useFakeTimers()
    const claim = sharedLine()
    const [here, there] = [runs(undefined, claim), runs(undefined, claim)]
    const run = await begun(here)
    const reader = run.stream(chunks(9)).getReader()
    run.onProgress(3, 9)
    await reader.read()
    expect(await there.begin({ ...of, id: 'export-2' })).toBeUndefined()
    expect(await there.begin(of)).toBeUndefined()
    // Its reader is slow, and takes something each time before the patience ends.
    for (let n = 0; n < 3; n++) {
      await vi.advanceTimersByTimeAsync(700)
      await reader.read()
    }
    expect(await there.last()).toEqual({ ...of, done: 3, all: 9, state: 'running' })
    expect(await there.stop('another-one')).toBe(false)
    expect(await there.stop(of.id)).toBe(true)
    expect(await there.stop(of.id)).toBe(false)
    for (let n = 0; n < 3; n++) {
      await vi.advanceTimersByTimeAsync(700)
      await reader.read().catch(() => undefined)
    }
    await expect(reader.read()).rejects.toThrow('stopped')
    expect([(await here.last())!.state, (await there.last())!.state]).toEqual(['stopped', 'stopped'])
    expect((await begun(here, 'export-3')).onProgress).toBeDefined()
    vi.useRealTimers()
  })

  it('that was stopped elsewhere before its last byte is not whole, and its reader is told', async () => {
    const claim = sharedLine()
    const [here, there] = [runs(undefined, claim), runs(undefined, claim)]
    const reader = (await begun(here)).stream(chunks(1)).getReader()
    await reader.read()
    await there.stop(of.id)
    await expect(reader.read()).rejects.toThrow('stopped')
    expect((await here.last())!.state).toBe('stopped')
  })

  it('of a process that died is cut, and holds nobody up after a minute; what it took over ends as it hears of it', async () => {
    let now = 1_000_000
    const claim = sharedLine(() => now)
    const [dead, next] = [runs(undefined, claim), runs(undefined, claim)]
    const run = await begun(dead)
    now += 59_000
    expect(await next.begin({ ...of, id: 'export-2' })).toBeUndefined()
    now += 2000
    expect((await next.last())!.state).toBe('cut')
    await begun(next, 'export-2')
    // It was not dead, but cut off from the database.
    const reader = run.stream(chunks(1)).getReader()
    await reader.read()
    await expect(reader.read()).rejects.toThrow('cut')
    expect(await next.last()).toMatchObject({ id: 'export-2', state: 'running' })
  })

  it('goes on while the others cannot be told, and is whole only if they were', async () => {
    vi.useFakeTimers()
    const claim = sharedLine()
    const tell = vi.spyOn(claim, 'tell').mockRejectedValue(new Error('the database is away'))
    const all = createExportRuns(claim, new AbortController().signal)
    const reader = (await begun(all)).stream(chunks(2)).getReader()
    await reader.read()
    await vi.advanceTimersByTimeAsync(5000)
    expect(tell).toHaveBeenCalledTimes(2)
    await reader.read()
    await expect(reader.read()).rejects.toThrow('cut')
    vi.useRealTimers()
  })

  it('hands a large file over in pieces, so that a slow line counts as one that takes', async () => {
    async function* large() {
      yield new Uint8Array(1_000_000)
    }
    const reader = (await begun(runs())).stream(large()).getReader()
    const sizes = []
    for (let read = await reader.read(); !read.done; read = await reader.read()) sizes.push(read.value.length)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_000_000)
  })
})

describe('at the endpoint', () => {
  let endpoint: TestEndpoint
  let ground: Awaited<ReturnType<typeof layGround>>
  beforeEach(async () => {
    endpoint = await setupEndpoint()
    ground = await layGround(endpoint)
  })
  afterEach(async () => {
    expect(endpoint.problems).toEqual([])
    await endpoint.close()
  })
  const YEAR = '/api/office/circulation-year?year=2026'
  const progressOf = async (desk: Awaited<ReturnType<typeof connect>>) =>
    ((await (await desk.send('/api/office/circulation-year-progress')).json()) as { export: unknown }).export
  const notes = async () =>
    (await endpoint.store.read((tx) => tx.records({ types: ['circulation-export'] })))
      .map(({ fields }) => JSON.parse(fields) as CirculationExport)
      .toSorted((a, b) => a.at - b.at)

  it('tells the office alone how far it is and how it ended, and stops it', async () => {
    const desk = await connect(endpoint, '9001')
    const member = await connect(endpoint, '1003')
    expect(await progressOf(desk)).toBeNull()
    const answer = await desk.send(`${YEAR}&export=of-this-page`)
    const reader = answer.body!.getReader()
    await reader.read()
    expect(await progressOf(desk)).toMatchObject({ id: 'of-this-page', by: '何伟', state: 'running' })
    for (const path of ['progress', 'stop']) {
      const sent = path === 'stop' ? { method: 'POST' } : {}
      expect((await member.send(`/api/office/circulation-year-${path}`, sent)).status).toBe(403)
    }
    const other = await connect(endpoint, '9002')
    expect((await desk.send(`${YEAR}&export=bad id`)).status).toBe(400)
    const stop = () => other.post('/api/office/circulation-year-stop', { id: 'of-this-page' })
    expect(await (await stop()).json()).toEqual({ isStopped: true })
    expect(await (await stop()).json()).toEqual({ isStopped: false })
    await expect(reader.read()).rejects.toThrow('stopped')
    const again = await desk.send(`${YEAR}&export=of-this-page-2`)
    await again.arrayBuffer()
    expect(await progressOf(desk)).toMatchObject({ id: 'of-this-page-2', done: 1, all: 1, state: 'whole' })
  })

  it('ends when the line of the desk is cut, and answers others meanwhile', async () => {
    // More than the buffers of a line hold: otherwise all of it is gone before anybody can leave.
    const sha256 = await endpoint.blobs.put(new Uint8Array(40_000_000).map((_, at) => at * 31 + (at >> 9)))
    const [row] = await endpoint.store.read((tx) => tx.records({ types: ['circulation'] }))
    const fields = JSON.parse(row!.fields) as { revisions: { file: object }[] }
    const [revision] = fields.revisions
    const unitId = branchId('第二支部')
    await endpoint.put('circulation', circulationId(uid(80), unitId), {
      ...fields,
      unitId,
      documentId: uid(80),
      revisions: [{ ...revision, file: { ...revision!.file, sha256, sizeBytes: 40_000_000 } }],
    })
    const { server, port } = await listen(endpoint.app, { port: 0, host: '127.0.0.1', tls: null })
    const desk = await connect(endpoint, '9001')
    await new Promise<void>((resolve, reject) => {
      const asking = request(
        { port, path: `${YEAR}&export=cut-in-the-middle`, headers: { cookie: desk.cookie } },
        (answer) =>
          answer.once('data', () => {
            answer.destroy()
            resolve()
          }),
      )
      asking.on('error', reject)
      asking.end()
    })
    await eventually(async () =>
      expect(await progressOf(desk)).toMatchObject({ id: 'cut-in-the-middle', state: 'cut' }),
    )
    const next = await desk.send(`${YEAR}&originals=no`)
    expect(next.status).toBe(200)
    await next.body!.cancel()
    await new Promise((resolve) => server.close(resolve))
  }, 60_000)

  it('notes each file for checking that is taken, by whom, and none that is only looked at', async () => {
    const officer = await connect(endpoint, '1001')
    const desk = await connect(endpoint, '9001')
    const path = `/api/office/circulation-bundle?circulationId=${ground.circulation}`
    await desk.send(`${path}&as=view`)
    expect(await notes()).toEqual([])
    await officer.send(path)
    endpoint.clock.advance(1000)
    await desk.send(`${path}&as=file`)
    const both = { kind: 'file', year: '2026', title: '示例通知', unitName: '第一支部', circulations: 1 }
    expect(await notes()).toMatchObject([
      { ...both, exportedBy: personIdOf('1001'), name: '陈静' },
      { ...both, exportedBy: personIdOf('9001'), name: '何伟' },
    ])
    // Who may not have it leaves no note either.
    expect((await (await connect(endpoint, '1003')).send(path)).status).toBe(404)
    expect(await notes()).toHaveLength(2)
  })

  it('notes what the office prints or saves as a table, once however often it is sent', async () => {
    const desk = await connect(endpoint, '9001')
    const body = { id: 'one-print-run', circulationIds: [ground.circulation], kind: 'print' }
    const send = (more = {}) => desk.post('/api/commands/note-circulation-sheets', { ...body, ...more })
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(200)
    expect(await notes()).toMatchObject([{ kind: 'print', unitName: '第一支部', circulations: 1 }])
    expect((await send({ id: 'unknown-sheet', circulationIds: [uid(99)] })).status).toBe(404)
    const officer = await connect(endpoint, '1001')
    const refused = await officer.post('/api/commands/note-circulation-sheets', { ...body, id: 'by-officer' })
    expect(refused.status).toBe(403)
    expect(await notes()).toHaveLength(1)
  })
})
