/** `GET /api/office/circulation-years` and `/api/office/circulation-year?year=2026`: the archive of a year, streamed to the office. */
import type { Hono } from 'hono'
import { isOffice } from '../../../shared/org/actor.ts'
import { Refusal } from '../../problem.ts'
import type { AppContext, Parts } from '../../routes/parts.ts'
import { readerOf, yearContents } from './year-contents.ts'
import { noteExport } from './note-export.ts'
import { yearsOf } from './year-plan.ts'
import { zipOf } from './zip-writer.ts'

export function yearRoutes(app: Hono<AppContext>, parts: Parts): void {
  /** One at a time: it reads everything there is, beside phones that want their answers. */
  let isExporting = false
  const officeOnly = async (personId: string): Promise<{ personId: string; name: string }> =>
    await parts.store.read(async (tx) => {
      if (!isOffice(await parts.actors(tx, personId, parts.now()))) throw new Refusal('forbidden')
      return { personId, name: (await tx.account({ personId }))?.name ?? '' }
    })

  app.get('/api/office/circulation-years', async (c) => {
    await officeOnly(c.get('session').personId)
    return c.json({ years: await yearsOf(readerOf(parts.store)), isExporting })
  })

  app.get('/api/office/circulation-year', async (c) => {
    const exportedBy = await officeOnly(c.get('session').personId)
    const year = c.req.query('year') ?? ''
    if (!/^\d{4}$/.test(year))
      throw new Refusal('bad-request', { field: 'year', message: '年份应写成 2026 的样子。' })
    if (isExporting)
      throw new Refusal('overloaded', {
        message: '正在导出另一份，一次只能导一份。请过一会儿再试。',
        retryAfterSeconds: 60,
      })
    isExporting = true
    const now = parts.now()
    const withOriginals = c.req.query('originals') !== 'no'
    const { store, blobs } = parts
    try {
      const { scope } = await noteExport(store, { year, withOriginals, exportedBy, now })
      parts.nudges.moved([scope])
    } catch (problem) {
      isExporting = false
      throw problem
    }
    const chunks = zipOf(yearContents({ store, blobs, year, exportedBy, now, withOriginals }))
    const end = (): void => void (isExporting = false)
    return c.body(streamOf(chunks, parts.stopping, end), 200, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="circulation-${year}.zip"; filename*=UTF-8''${encodeURIComponent(`${year} 年文件传阅归档.zip`)}`,
    })
  })
}

/** Asked for as it is read: a slow line holds nothing but its own entry. @param end however it ends */
function streamOf(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  stopping: AbortSignal,
  end: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (stopping.aborted) throw new Error('the endpoint stops')
          const { done, value } = await chunks.next()
          if (done !== true) return controller.enqueue(value)
          end()
          controller.close()
        } catch (problem) {
          // What was sent so far has no directory: whoever opens it is told that it is not whole.
          end()
          controller.error(problem)
        }
      },
      async cancel() {
        end()
        await chunks.return()
      },
    },
    { highWaterMark: 0 },
  )
}
