import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { activationOf } from '../../../src/client/features/sign-in/activation-of.ts'
import { activationLink } from '../../../src/shared/org/activation-link.ts'

const HALL = 'https://hall.example'

it('brings any number and code back, and no server is sent any of it', () => {
  const text = fc
    .string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' })
    .filter((t) => t === t.trim())
  fc.assert(
    fc.property(text, text, (staffNo, code) => {
      const link = new URL(activationLink(HALL, { staffNo, code }))
      expect([link.origin, link.pathname, link.search]).toEqual([HALL, '/activate', ''])
      expect(activationOf(link.hash)).toEqual({ staffNo, code })
    }),
  )
})

it.each(['', '#', '#main', '#n=1001', '#c=ABCD', '#n=&c=', '#n=%20&c=A', `#n=1&c=${'A'.repeat(65)}`])(
  'takes nothing from %s',
  (hash) => expect(activationOf(hash)).toBeUndefined(),
)
