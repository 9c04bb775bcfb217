// @vitest-environment happy-dom
/** What stays behind at a hand-over is said on the screen of who hands over, with what becomes of it. */
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import LeftNote from '../../../../../src/client/features/meetings/roll/carry/LeftNote.vue'

const said = (left: { fields: string[]; others: number }) => mount(LeftNote, { props: { left } }).text()

it('what was changed after an earlier hand-over is named, and who delivers it', () => {
  expect(said({ fields: ['agenda', 'sittings'], others: 0 })).toMatch(
    /后来改的场次的时间和地点、议程不在里面.*由本机联网后送达.*当面告诉接手的人/,
  )
  expect(said({ fields: ['something-newer'], others: 0 })).toContain('后来改的会议的内容不在里面')
})

it('votes, minutes and the like are counted; where nothing stays behind, nothing is said', () => {
  expect(said({ fields: [], others: 3 })).toMatch(/另有 3 条待送达的.*由本机联网后送达/)
  expect(said({ fields: [], others: 0 })).toBe('')
})
