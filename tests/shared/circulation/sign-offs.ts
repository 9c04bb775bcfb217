/** A sign-off of 李 as her phone writes it. */
import type { SignOff } from '../../../src/shared/circulation/signing/sign-off.ts'

export const NOW = Date.parse('2026-11-23T00:00:00Z')

export const signOffBy = (sha256: string, over: Partial<SignOff> = {}): SignOff => ({
  unitId: 'b',
  circulationId: 'c',
  documentId: 'd',
  documentNo: '',
  personId: 'li',
  signedBy: 'li',
  revision: 1,
  sha256,
  mode: 'in-person',
  signature: { kind: 'typed', name: '李' },
  opinion: '',
  changeId: null,
  signedAt: NOW,
  keyId: null,
  deviceSignature: null,
  supersedes: [],
  ...over,
})
