/**
 * The offer of 今日 to keep books and files on the phone.
 *
 * Guaranteed: whoever has used it, put it aside, wants everything kept or has opened 离线保存 is not asked again on this phone.
 */
import type { Phone } from '../../../storage/phone.ts'
import { guarded } from '../../../storage/trouble.ts'
import { isWanted } from './offline-keeper.ts'

/** In the phone's own bookkeeping. */
const OFFERED = 'offlineOffered'

type OfferedPhone = Pick<Phone, 'db'>

export const isOfferAnswered = async (phone: OfferedPhone): Promise<boolean> =>
  (await phone.db.meta.get(OFFERED))?.value === true || (await isWanted(phone))

export const answerOffer = ({ db }: OfferedPhone) =>
  guarded(db, () => db.meta.put({ key: OFFERED, value: true }))
