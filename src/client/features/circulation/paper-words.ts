/** What stands on paper of a circulation, as the screens say it. Pure. */
import type { Circulation } from '../../../shared/circulation/circulation.ts'
import { inFours } from '../../ui/paper/in-fours.ts'

/** 办公室〔2026〕31 号 · 第 2 版 */
export function numberAndRevision(fields: Pick<Circulation, 'documentNo'>, revision: number): string {
  return [fields.documentNo, `第 ${revision} 版`].filter((part) => part !== '').join(' · ')
}

/** First 8 digits of a SHA-256 in two groups, as it stands on paper beside a signature. */
export const fingerprint = (sha256: string): string => inFours(sha256.slice(0, 8))
