/** What one does about 需处理. Comes with the page that shows it. */
import { attentionText, discardAttention, retryAttention } from '../storage/outbox/attention.ts'
import { takeHlc } from '../storage/outbox/writes.ts'
import { dismissRewritten } from '../storage/pages/marks.ts'
import { guarded } from '../storage/trouble.ts'
import type { PhoneDb } from '../storage/db.ts'

interface Parts {
  db: PhoneDb
  personId: string
  now(): number
  /** Begins a round. */
  wake(): void
}

export const deliveryActs = ({ db, personId, now, wake }: Parts) => ({
  async retry(attentionId: number): Promise<void> {
    const at = now()
    await guarded(db, () =>
      retryAttention(db, attentionId, { now: at, personId, nextHlc: () => takeHlc(db, at) }),
    )
    wake()
  },
  discard: (attentionId: number) => guarded(db, () => discardAttention(db, attentionId)),
  async exportText(attentionId: number): Promise<string> {
    const item = await guarded(db, () => db.attention.get(attentionId))
    return item === undefined ? '' : attentionText(item)
  },
  dismissRewritten: () => guarded(db, () => dismissRewritten(db)),
})
