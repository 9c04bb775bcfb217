/** What a device key signs for a code, as canonical JSON: purposes differ, so that no signature serves for another thing. */
import { canonicalJson } from '../../sync/canonical.ts'

/** A person shows it: their phone was in hand at this step. */
export const personCodeStatement = (personId: string, step: number): string =>
  canonicalJson({ purpose: 'window-hall/roll-code', version: 1, person: personId, step })

/** An officer shows it at a sitting. */
export const sittingCodeStatement = (sittingId: string, step: number): string =>
  canonicalJson({ purpose: 'window-hall/sitting-code', version: 1, sitting: sittingId, step })
