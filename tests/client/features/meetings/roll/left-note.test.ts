// @vitest-environment happy-dom
/** What stays behind at a hand-over is said on the screen of who hands over, with what becomes of it. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import LeftNote from '../../../../../src/client/features/meetings/roll/carry/LeftNote.vue'

const said = (left: { edit: boolean; others: number }) => mount(LeftNote, { props: { left } }).text()

it('a change made after an earlier hand-over is not in this one, and this phone delivers it', () => {
  expect(said({ edit: true, others: 0 })).toMatch(/改动不在里面：交出以后又改的.*由本机联网后送达/)
})

it('votes, minutes and the like are counted; where nothing stays behind, nothing is said', () => {
  expect(said({ edit: false, others: 3 })).toMatch(/另有 3 条待送达的.*由本机联网后送达/)
  expect(said({ edit: false, others: 0 })).toBe('')
})
