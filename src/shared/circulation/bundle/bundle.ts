/**
 * A circulation as it goes on file: everything that is needed to check, without the endpoint and years later, who signed which
 * bytes when. Sealed as a whole by the endpoint; each sign-off in it can be checked also without that seal.
 */
import * as v from 'valibot'
import { allFiled, filed, SealFields, type Filed, type Seal, unreadInWords } from '../../bundle/filed.ts'
import { Id, Millis, RequiredText, ShortText } from '../../fields.ts'
import { deviceKey, type DeviceKey } from '../../org/device-key.ts'
import { endpointKey, type EndpointKey } from '../../org/endpoint-key.ts'
import { circulation, type Circulation } from '../circulation.ts'
import { countersignature, type Countersignature } from '../signing/countersignature.ts'
import { recipientChange, type RecipientChange } from '../recipient-change.ts'
import { settlement, type Settlement } from '../signing/settlement.ts'
import { signOff, type SignOff } from '../signing/sign-off.ts'

export interface Bundle {
  purpose: typeof PURPOSE
  /**
   *   1  first version
   *   2  with settlements
   *   3  with sign-offs that say what was read elsewhere, which an older app would take for altered
   *
   * Always the first that is enough, so that an older app can check it.
   */
  version: 1 | 2 | 3
  exportedAt: number
  /** Who asked for it. */
  exportedBy: { personId: string; name: string }
  unit: { id: string; name: string }
  circulation: Filed<Circulation>
  changes: Filed<RecipientChange>[]
  signOffs: Filed<SignOff>[]
  countersignatures: Filed<Countersignature>[]
  /** Which of several sign-offs counts. They rest on the seal: the officers who settle do not sign with a key. */
  settlements?: Filed<Settlement>[]
  /** Of everyone who acted; their revocations too. */
  deviceKeys: Filed<DeviceKey>[]
  endpointKeys: Filed<EndpointKey>[]
}

export interface SealedBundle extends Bundle {
  seal: Seal
}

export const PURPOSE = 'window-hall/circulation'

const Sealed = v.strictObject({
  purpose: v.literal(PURPOSE),
  version: v.picklist([1, 2, 3]),
  exportedAt: Millis,
  exportedBy: v.strictObject({ personId: Id, name: ShortText }),
  unit: v.strictObject({ id: Id, name: RequiredText }),
  circulation: filed(circulation),
  changes: allFiled(recipientChange),
  signOffs: allFiled(signOff),
  countersignatures: allFiled(countersignature),
  settlements: v.optional(allFiled(settlement)),
  deviceKeys: allFiled(deviceKey),
  endpointKeys: allFiled(endpointKey),
  seal: SealFields,
})

export type ReadResult = { ok: true; bundle: SealedBundle } | { ok: false; sentence: string }

/** Of a file's text. The sentence says what is wrong with it. */
export function readBundle(text: string): ReadResult {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return { ok: false, sentence: '这个文件不是传阅核对文件，或者没有下载完整。' }
  }
  if ((raw as { purpose?: unknown } | null)?.purpose !== PURPOSE)
    return { ok: false, sentence: '这个文件不是传阅核对文件。请选从传阅进度里导出的那一份。' }
  if (typeof (raw as Bundle).version === 'number' && (raw as { version: number }).version > 3)
    return { ok: false, sentence: '这份文件由更新的版本导出，请先更新应用再核对。' }
  const parsed = v.safeParse(Sealed, raw)
  if (parsed.success) return { ok: true, bundle: parsed.output as SealedBundle }
  return { ok: false, sentence: unreadInWords(parsed.issues[0]) }
}
