/**
 * The archive of a year, streamed to the office:
 *   GET  /api/office/circulation-years            which years there are
 *   GET  /api/office/circulation-year?year=2026   the archive itself
 *   GET  /api/office/circulation-year-progress    how far the one that runs has come, or how the last one ended
 *   POST /api/office/circulation-year-stop        ends it, whoever of the office began it
 */
import type { Hono } from 'hono'
import * as v from 'valibot'
import { isOffice } from '../../../shared/org/actor.ts'
import { Refusal } from '../../problem.ts'
import { parseBody } from '../../routes/parse-body.ts'
import type { AppContext, Parts } from '../../routes/parts.ts'
import { noteExport } from '../note-export.ts'
import { createExportRuns } from './export-run.ts'
import { createRunClaim } from './run-claim.ts'
import { readerOf, yearContents } from './year-contents.ts'
import { yearsOf } from './year-plan.ts'
import { zipOf } from './zip-writer.ts'

/** The page names its export, to know it again: what a browser downloads tells the page nothing. */
const ExportId = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/, 'not an id'))

export function yearRoutes(app: Hono<AppContext>, parts: Parts): void {
  /** One at a time: it reads everything there is, beside phones that want their answers. */
  const runs = createExportRuns(createRunClaim(parts.store, parts.now), parts.stopping)
  const officeOnly = async (personId: string): Promise<{ personId: string; name: string }> =>
    await parts.store.read(async (tx) => {
      if (!isOffice(await parts.actors(tx, personId, parts.now()))) throw new Refusal('forbidden')
      return { personId, name: (await tx.account({ personId }))?.name ?? '' }
    })

  app.get('/api/office/circulation-years', async (c) => {
    await officeOnly(c.get('session').personId)
    return c.json({ years: await yearsOf(readerOf(parts.store)) })
  })

  app.get('/api/office/circulation-year-progress', async (c) => {
    await officeOnly(c.get('session').personId)
    return c.json({ export: (await runs.last()) ?? null })
  })

  app.post('/api/office/circulation-year-stop', async (c) => {
    await officeOnly(c.get('session').personId)
    const { id } = await parseBody(c, v.object({ id: ExportId }), 1024)
    return c.json({ isStopped: await runs.stop(id) })
  })

  app.get('/api/office/circulation-year', async (c) => {
    const exportedBy = await officeOnly(c.get('session').personId)
    const year = c.req.query('year') ?? ''
    if (!/^\d{4}$/.test(year))
      throw new Refusal('bad-request', { field: 'year', message: '年份应写成 2026 的样子。' })
    const named = v.safeParse(ExportId, c.req.query('export') ?? parts.newId())
    if (!named.success) throw new Refusal('bad-request', { field: 'export' })
    const run = await runs.begin({ id: named.output, year, by: exportedBy.name })
    if (run === undefined)
      throw new Refusal('overloaded', {
        message: '正在导出另一份，一次只能导一份。请过一会儿再试。',
        retryAfterSeconds: 60,
      })
    const now = parts.now()
    const withOriginals = c.req.query('originals') !== 'no'
    const { store, blobs } = parts
    try {
      const { scope } = await noteExport(store, { kind: 'year', year, withOriginals, exportedBy, now })
      parts.nudges.moved([scope])
    } catch (problem) {
      await run.abandon()
      throw problem
    }
    const { onProgress } = run
    const contents = yearContents({ store, blobs, year, exportedBy, now, withOriginals, onProgress })
    return c.body(run.stream(zipOf(contents)), 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="circulation-${year}.zip"; filename*=UTF-8''${encodeURIComponent(`${year} 年文件传阅归档.zip`)}`,
    })
  })
}
