/**
 * `POST /api/office/file-facts?unit=…&name=…` with the bytes: what a file is, before the desk registers it; a Word file also as
 * reading text. Whoever registers hears of a mark, a password or a damage while the file is still in hand. Nothing is stored.
 */
import type { Hono } from 'hono'
import type { FileFacts } from '../../shared/circulation/intake/file-facts.ts'
import { isAtDesk } from '../../shared/org/actor.ts'
import { fileTooLarge } from '../import/file/check-upload.ts'
import { lookAtFile } from '../import/file/look-at-file.ts'
import { Refusal } from '../problem.ts'
import { readBytes } from '../routes/parse-body.ts'
import type { AppContext, Parts } from '../routes/parts.ts'

const NOT_OURS =
  '只能登记 PDF、OFD、Word（.docx）、文字（.md、.txt）和图片（.png、.jpg），这个文件的内容不是。'

export function fileFactsRoute(app: Hono<AppContext>, parts: Parts): void {
  app.post('/api/office/file-facts', async (c) => {
    await parts.store.read(async (tx) => {
      const actor = await parts.actors(tx, c.get('session').personId, parts.now())
      if (!isAtDesk(actor, c.req.query('unit') ?? '')) throw new Refusal('forbidden')
    })
    const { maxFileBytes } = parts.settings
    const bytes = await readBytes(c, maxFileBytes, fileTooLarge(maxFileBytes))
    const looked = await lookAtFile(bytes, c.req.query('name') ?? '')
    if (looked.type === 'refused') throw new Refusal(looked.code, { message: looked.message })
    if (looked.facts === null) throw new Refusal('file-mislabelled', { message: NOT_OURS })
    return c.json(looked.facts satisfies FileFacts)
  })
}
