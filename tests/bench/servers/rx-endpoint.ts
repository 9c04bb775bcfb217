/** RxDB's side: a pull and push endpoint as RxDB's manual for HTTP replication has it, over an array in memory. */
import express, { type Router } from 'express'
import type { PlainRow } from '../support/plain-rows.ts'

export interface RxDocument extends Omit<PlainRow, 'fields'> {
  fields: unknown
  pending: number
  week: string
  lessonId: string
}

interface Pushed {
  newDocumentState: RxDocument
}

function toRxDocument(row: PlainRow): RxDocument {
  const { week = '', lessonId = '' } = row.fields as { week?: string; lessonId?: string }
  return { ...row, pending: 0, week, lessonId }
}

/** @param rows may grow */
export function createRxEndpoint(rows: readonly PlainRow[]): Router {
  const pushed = new Map<string, RxDocument>()
  const router = express.Router()
  router.use(express.json({ limit: '20mb' }))
  router.get('/pull', (request, response) => {
    const after = Number(request.query.after)
    const page = rows.slice(after, after + Number(request.query.limit))
    const texts = page.map((row) => JSON.stringify({ ...toRxDocument(row), _deleted: false })).join(',')
    response
      .type('application/json')
      .send(`{"documents":[${texts}],"checkpoint":{"after":${after + page.length}}}`)
  })
  router.post('/push', (request, response) => {
    for (const { newDocumentState } of request.body as Pushed[])
      pushed.set(newDocumentState.id, newDocumentState)
    response.json([])
  })
  router.get('/pushed', (_request, response) => response.json({ count: pushed.size }))
  return router
}
