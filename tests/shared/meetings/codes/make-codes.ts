/** Phones with keys, and the codes that they show. */
import { stepAt } from '../../../../src/shared/meetings/codes/bureau-time.ts'
import { codeToText, tagOf } from '../../../../src/shared/meetings/codes/text/code-text.ts'
import type { CodeWorld } from '../../../../src/shared/meetings/codes/check-person-code.ts'
import type { KeyFact } from '../../../../src/shared/meetings/codes/keys-at.ts'
import {
  personCodeStatement,
  sittingCodeStatement,
} from '../../../../src/shared/meetings/codes/statements.ts'
import { checkSignature } from '../../../../src/client/storage/keys/check-signature.ts'
import { newKeyPair, type NewKeyPair } from '../../../../src/client/storage/keys/device-keys.ts'

export const NOW = Date.parse('2026-11-23T13:00:00Z')

export interface ShownKey {
  fact: KeyFact
  pair: NewKeyPair
}

export async function keyOf(personId: string, id = `key-${personId}`): Promise<ShownKey> {
  const pair = (await newKeyPair())!
  const fields = {
    personId,
    unitId: 'b1',
    deviceId: `device-${id}`,
    deviceName: '',
    publicKey: pair.publicKey,
    enrolledAt: 0,
    revokedAt: null,
    supersedes: [],
  }
  return { fact: { id, fields }, pair }
}

export const stopOf = ({ fact }: ShownKey, revokedAt: number): KeyFact => ({
  id: `${fact.id}-stop`,
  fields: { ...fact.fields, revokedAt, supersedes: [fact.id] },
})

async function sign(pair: NewKeyPair, statement: string): Promise<string> {
  const bytes = new TextEncoder().encode(statement)
  const signed = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, bytes)
  return Buffer.from(signed).toString('base64url')
}

/** What the person's phone shows at this moment of the bureau's time. */
export async function personCode(
  key: ShownKey,
  at = NOW,
  personId = key.fact.fields.personId,
): Promise<string> {
  const step = stepAt(at)
  const signature = await sign(key.pair, personCodeStatement(personId, step))
  const tags = { subjectTag: tagOf(personId), keyTag: tagOf(key.pair.publicKey) }
  return codeToText({ kind: 'person', ...tags, step, signature })
}

export async function sittingCode(key: ShownKey, sittingId: string, at = NOW): Promise<string> {
  const step = stepAt(at)
  const signature = await sign(key.pair, sittingCodeStatement(sittingId, step))
  const tags = { subjectTag: tagOf(sittingId), keyTag: tagOf(key.pair.publicKey) }
  return codeToText({ kind: 'sitting', ...tags, step, signature })
}

/** The officer's phone: p1 and p2 are expected, p3 left yesterday, p4 comes tomorrow, p5 is of another branch, p6 a guest. */
export function worldOf(keys: readonly KeyFact[], changes: Partial<CodeWorld> = {}): CodeWorld {
  const people = ['王芳', '李明', '马强', '孙丽', '何伟', '林燕'].map((name, at) => ({
    personId: `p${at + 1}`,
    name,
  }))
  const own = (at: number, from: string, to: string | null) => ({ ...people[at]!, from, to })
  return {
    bureauNow: NOW,
    date: '2026-11-23',
    roster: people.slice(0, 2),
    guestIds: new Set(['p6']),
    unitPeople: [
      own(0, '2020-01-01', null),
      own(1, '2020-01-01', null),
      own(2, '2020-01-01', '2026-11-22'),
      own(3, '2026-11-24', null),
    ],
    people,
    keys,
    verify: checkSignature,
    ...changes,
  }
}
