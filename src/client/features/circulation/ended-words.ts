/** Why a circulation asks nobody any more, in words: who, when, and the reason if one was given. */
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { circulationStatus } from '../../../shared/circulation/status.ts'
import type { Phone } from '../../storage/phone.ts'
import { dateInWords, momentInWords } from '../../ui/moments.ts'

/** @param who the name of whoever ended it, empty where this phone does not know it */
export function endedInWords(
  fields: Pick<Circulation, 'state' | 'expiresOn' | 'stateReason' | 'stateAt'>,
  who: string,
  now: number,
): string {
  const status = circulationStatus(fields, now)
  if (status === 'open') return ''
  const isByHand = fields.state !== 'open'
  if (!isByHand && fields.expiresOn) return `有效期至 ${dateInWords(fields.expiresOn)}，已归档。`
  const act = status === 'recalled' ? '撤回' : '办结归档'
  const moment = fields.stateAt === undefined ? '' : `${momentInWords(fields.stateAt, now)} `
  const reason = fields.stateReason ? `原因：${fields.stateReason.replace(/。$/u, '')}。` : ''
  return moment === '' ? `已${act}。${reason}` : `${who === '' ? '' : `${who} `}${moment}${act}。${reason}`
}

/** Of the own branch by name; the office's people are on no member's phone. */
export async function whoEnded(phone: Phone, { stateBy }: Pick<Circulation, 'stateBy'>): Promise<string> {
  if (stateBy === undefined) return ''
  const [known] = await phone.db.records('membership').where('fields.personId').equals(stateBy).toArray()
  return known?.fields.name ?? '党建科'
}
