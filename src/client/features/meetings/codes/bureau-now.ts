/** The bureau's time as this phone knows it from its last contact; before the first one the phone's own. */
import { bureauAt, type Contact } from '../../../../shared/meetings/codes/bureau-time.ts'
import { readMeta } from '../../../storage/meta.ts'
import type { Phone } from '../../../storage/phone.ts'

export async function readContact({ db }: Pick<Phone, 'db'>): Promise<Contact> {
  const [serverOffset, lastContactAt, serverTimeSeen] = await Promise.all([
    readMeta(db, 'serverOffset'),
    readMeta(db, 'lastContactAt'),
    readMeta(db, 'serverTimeSeen'),
  ])
  return { serverOffset, lastContactAt, serverTimeSeen }
}

/** UTC ms; the time by which the endpoint judges rights. What a page follows second by second is in use-bureau-clock.ts. */
export async function readBureauNow(phone: Pick<Phone, 'db' | 'now'>): Promise<number> {
  return bureauAt(await readContact(phone), phone.now())
}
