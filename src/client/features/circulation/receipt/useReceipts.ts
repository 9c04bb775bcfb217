/**
 * One's own sign-offs of a circulation with the endpoint's word that they have arrived, checked here and now: with no network,
 * against the key that this phone has from before.
 */
import { computed, shallowRef, watch } from 'vue'
import { receiptFindings } from '../../../../shared/circulation/bundle/verify-bundle.ts'
import { useLiveOrLoading } from '../../../storage/live.ts'
import { usePhone, type Phone } from '../../../storage/phone.ts'
import { canCheck, checkSignature } from '../../../storage/keys/check-signature.ts'

/**
 *   waiting    only on this phone yet
 *   holds      the endpoint's signature is over this very sign-off
 *   broken     it is not: somebody should look
 *   unchecked  arrived; there is no receipt (signed before there were any), or this browser can check none
 */
export type ReceiptState = 'waiting' | 'holds' | 'broken' | 'unchecked'

async function readOwn(phone: Phone, circulationId: string) {
  const circulation = await phone.db.records('circulation').get(circulationId)
  const [signOffs, receipts, keys, changes] = await Promise.all([
    phone.db.records('sign-off').where('fields.circulationId').equals(circulationId).toArray(),
    phone.db.records('countersignature').where('fields.circulationId').equals(circulationId).toArray(),
    phone.db.records('endpoint-key').toArray(),
    phone.db.records('recipient-change').where('fields.circulationId').equals(circulationId).toArray(),
  ])
  const substitutes = new Map(changes.map(({ id, fields }) => [id, fields.substituteName ?? '']))
  const own = signOffs
    .filter(({ fields }) => fields.personId === phone.person.id)
    .sort((a, b) => b.fields.signedAt - a.fields.signedAt)
    .map((signOff) => ({
      signOff,
      receipt: receipts.find((r) => r.fields.signOffId === signOff.id)?.fields,
      /** Who signed instead, where a substitute did. */
      by: signOff.fields.mode === 'substitute' ? (substitutes.get(signOff.fields.changeId ?? '') ?? '') : '',
    }))
  return { circulation: circulation?.fields, own, keys }
}
type Own = Awaited<ReturnType<typeof readOwn>>

async function stateOf({ signOff, receipt }: Own['own'][number], keys: Own['keys']): Promise<ReceiptState> {
  if (signOff.pending === 1) return 'waiting'
  const key = keys.find(({ id }) => id === receipt?.keyId)?.fields
  if (receipt === undefined || key === undefined || !canCheck()) return 'unchecked'
  const findings = await receiptFindings(signOff, receipt, (_, signature, statement) =>
    checkSignature(key.publicKey, signature, statement),
  )
  return findings.length === 0 ? 'holds' : 'broken'
}

export function useReceipts(circulationId: string) {
  const phone = usePhone()
  const read = useLiveOrLoading(() => readOwn(phone, circulationId))
  const states = shallowRef<ReadonlyMap<string, ReceiptState>>(new Map())
  watch(read, async (found) => {
    if (found === undefined) return
    const told = await Promise.all(
      found.own.map(async (one) => [one.signOff.id, await stateOf(one, found.keys)] as const),
    )
    if (read.value === found) states.value = new Map(told)
  })
  const lines = computed(() =>
    read.value?.own.map((one) => ({ ...one, state: states.value.get(one.signOff.id) })),
  )
  return { circulation: computed(() => read.value?.circulation), lines }
}
