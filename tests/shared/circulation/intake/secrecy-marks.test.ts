import { describe, expect, it } from 'vitest'
import { findSecrecyMarks } from '../../../../src/shared/circulation/intake/secrecy-text.ts'
import { secrecyMarkIn } from '../../../../src/shared/circulation/intake/secrecy-marks.ts'
import { passedNames, refusedNames } from './names-to-judge.ts'

describe('names that bear a secrecy mark', () => {
  it.each(refusedNames)('%s is refused', (name, mark) => {
    expect(secrecyMarkIn(name)).toEqual({ mark, level: 'refuse' })
  })
  it.each(passedNames)('%s may pass', (name) => {
    expect(secrecyMarkIn(name)).toBeNull()
  })
  it.each(['内部资料汇编', '内 部 文 件', '不予公开的名单'])('%s asks for a second look', (name) => {
    expect(secrecyMarkIn(name)?.level).toBe('warn')
  })
  it('a mark weighs more than a warning', () => {
    expect(secrecyMarkIn('内部资料（机密）')).toEqual({ mark: '机密', level: 'refuse' })
  })
  it('a star makes a mark even of a plain word', () => {
    expect(secrecyMarkIn('国家秘密★1年')?.level).toBe('refuse')
  })
  it.each([...refusedNames.map(([name]) => name), ...passedNames])(
    'desk and import judge alike: %s',
    (name) => {
      const byImport = findSecrecyMarks(name, 'name').some((mark) => mark.level === 'refuse')
      expect(secrecyMarkIn(name)?.level === 'refuse').toBe(byImport)
    },
  )
})
