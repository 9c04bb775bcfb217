/** The floor of a push: a body of JSON rows, inserted with one prepared statement in one transaction that is on disk (FULL). */
import express, { type Router } from 'express'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { rmSync } from 'node:fs'

export function createPlainInsert(folder: string): Router {
  const path = join(folder, 'plain.sqlite')
  rmSync(path, { force: true })
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec('create table rows (id text primary key, fields text not null)')
  const insert = database.prepare('insert into rows (id, fields) values (?, ?)')
  const count = database.prepare('select count(*) as count from rows')
  const router = express.Router()
  router.use(express.json({ limit: '20mb' }))
  router.post('/push', (request, response) => {
    database.exec('begin immediate')
    for (const row of request.body as { id: string }[]) insert.run(row.id, JSON.stringify(row))
    database.exec('commit')
    response.json({ ok: true })
  })
  router.get('/pushed', (_request, response) => response.json(count.get()))
  return router
}
