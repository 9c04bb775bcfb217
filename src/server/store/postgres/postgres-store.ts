/**
 * The record store on PostgreSQL: any number of endpoint processes on one database.
 *
 * Guarantees: what `write` returned is committed; writers of one scope run one after the other and number it in commit order, in
 * whatever process they are; a write without scopes runs alone; a reader sees one snapshot. While the database is away everything
 * is refused with StoreAway at once, and goes on by itself afterwards.
 */
import type { Link } from './link/link.ts'
import { BEGIN, inTransaction, untilDone } from './transactions.ts'
import { ConcurrentWrite, type RecordStore } from '../record-store.ts'
import { createReadTx } from '../sql/read.ts'
import { createWriteTx, lockScopes } from '../sql/write.ts'
import { createTableReader, replaceAll } from '../sql/whole-store.ts'

const isConcurrent = (problem: unknown) => problem instanceof ConcurrentWrite

/** @param link closed with the store */
export function createPostgresStore(link: Link): RecordStore {
  return {
    write: (scopes, body) =>
      untilDone(
        () =>
          link.use('write', (session) =>
            inTransaction(session, scopes.length === 0 ? BEGIN.writeAlone : BEGIN.write, async () => {
              const locked = await lockScopes(session.db, 'postgres', scopes)
              const { tx, flush } = createWriteTx(session.db, 'postgres', locked)
              const result = await body(tx)
              await flush()
              return result
            }),
          ),
        isConcurrent,
      ),
    read: (body) =>
      untilDone(() =>
        link.use('read', (session) =>
          inTransaction(session, BEGIN.read, () => body(createReadTx(session.db, 'postgres'))),
        ),
      ),
    readAll: (body) =>
      link.useOwn((session) => inTransaction(session, BEGIN.read, () => body(createTableReader(session.db)))),
    replaceAll: (body) =>
      link.useOwn((session) =>
        inTransaction(session, BEGIN.writeAlone, () => replaceAll(session.db, 'postgres', body)),
      ),
    close: () => link.close(),
  }
}
