import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { command } from '../../../src/client/remote/commands.ts'
import { fetchBlob } from '../../../src/client/remote/files.ts'
import { ask } from '../../../src/client/remote/questions.ts'

interface Asked {
  path: string
  headers: Headers
  body: string
}
function fakeFetch(answers: ((asked: Asked) => Response | Error)[]) {
  const asked: Asked[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    const one = { path: String(input), headers: new Headers(init?.headers), body: String(init?.body ?? '') }
    asked.push(one)
    const answer = answers[Math.min(asked.length, answers.length) - 1]!(one)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return { fetch, asked }
}
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

describe('a question', () => {
  it('asks below /api/office and checks the answer', async () => {
    const { fetch, asked } = fakeFetch([() => json({ people: [] })])
    const schema = v.object({ people: v.array(v.unknown()) })
    expect(await ask('people?unit=a', { fetch, schema })).toEqual({ people: [] })
    expect(asked[0]?.path).toBe('/api/office/people?unit=a')
    const wrong = fakeFetch([() => json({ other: 1 })])
    await expect(ask('people', { fetch: wrong.fetch, schema })).rejects.toMatchObject({ code: 'offline' })
  })

  it.each([
    [new Response('<html>', { status: 200 }), 'offline'],
    [new Response('<html>', { status: 502 }), 'overloaded'],
    [json({ error: { code: 'forbidden', message: '不行', field: 'x' } }, 403), 'forbidden'],
    [json({ error: { code: 'from-the-future', message: '?' } }, 404), 'not-found'],
  ])('tells a problem by its code %#', async (response, code) => {
    const { fetch } = fakeFetch([() => response])
    await expect(ask('people', { fetch })).rejects.toMatchObject({ type: 'remote-problem', code })
  })
})

it('a command carries an id of its own, the same one when it is given', async () => {
  const { fetch, asked } = fakeFetch([() => json({})])
  await command('publish', { a: 1 }, { fetch })
  await command('publish', { a: 1 }, { fetch, id: 'mine' })
  const [first, second] = asked.map((one) => JSON.parse(one.body) as { id: string; a: number })
  expect(first?.id).toMatch(/^[0-9a-f-]{36}$/)
  expect(second).toEqual({ id: 'mine', a: 1 })
})

/** A body that breaks after its first part. */
function cutBody(text: string): ReadableStream<Uint8Array> {
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new TypeError('network error'))
      else controller.enqueue(new TextEncoder().encode(text))
      sent = true
    },
  })
}

describe('a download', () => {
  const headers = { 'content-length': '6', 'content-type': 'text/plain' }

  it('goes on where it was cut', async () => {
    const { fetch, asked } = fakeFetch([
      () => new Response(cutBody('abc'), { headers }),
      () => new Response('def', { status: 206, headers: { 'content-range': 'bytes 3-5/6' } }),
    ])
    const progress: number[] = []
    const { bytes } = await fetchBlob('x', { fetch, onProgress: (loaded) => progress.push(loaded) })
    expect(new TextDecoder().decode(bytes)).toBe('abcdef')
    expect(asked[1]?.headers.get('range')).toBe('bytes=3-')
    expect(progress).toEqual([3, 6])
  })

  it('begins anew when Range is ignored', async () => {
    const { fetch } = fakeFetch([
      () => new Response(cutBody('abc'), { headers }),
      () => new Response('abcdef', { headers }),
    ])
    expect(new TextDecoder().decode((await fetchBlob('x', { fetch })).bytes)).toBe('abcdef')
  })

  it('is not retried without a bound', async () => {
    const { fetch, asked } = fakeFetch([
      () => new Response(cutBody('a'), { headers }),
      () => new Response(cutBody('b'), { status: 206, headers: { 'content-range': 'bytes 1-5/6' } }),
    ])
    await expect(fetchBlob('x', { fetch })).rejects.toMatchObject({ code: 'offline' })
    expect(asked).toHaveLength(4)
  })

  it('of a recalled file is told as not found', async () => {
    const { fetch } = fakeFetch([() => json({ error: { code: 'not-found', message: '没有' } }, 404)])
    await expect(fetchBlob('x', { fetch })).rejects.toMatchObject({ code: 'not-found' })
  })
})
