/** Malformed input is 400 with the path of the bad field, never 500. */
import type { Context } from 'hono'
import * as v from 'valibot'
import { Refusal } from '../problem.ts'

const MAX_DEPTH = 32

function checkDepth(value: unknown, depth = 0): void {
  if (depth > MAX_DEPTH) throw new Refusal('bad-request', { message: '内容嵌套过深。' })
  if (typeof value !== 'object' || value === null) return
  for (const item of Object.values(value)) checkDepth(item, depth + 1)
}

/** @throws Refusal bad-request, body-too-large */
export async function parseBody<Schema extends v.GenericSchema<unknown, unknown>>(
  c: Context,
  schema: Schema,
  maxBytes: number,
): Promise<v.InferOutput<Schema>> {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > maxBytes) throw new Refusal('body-too-large')
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.length > maxBytes) throw new Refusal('body-too-large')
  let raw: unknown
  try {
    raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal('bad-request', { message: '请求不是合法的 JSON。', field: '' })
  }
  checkDepth(raw)
  const result = v.safeParse(schema, raw)
  if (!result.success) {
    const issue = result.issues[0]
    const field = v.getDotPath(issue) ?? ''
    throw new Refusal('bad-request', {
      message: `请求内容有误：${field === '' ? '整体' : field}（${issue.message}）`,
      field,
    })
  }
  return result.output
}
