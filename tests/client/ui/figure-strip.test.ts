// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import FigureStrip from '../../../src/client/ui/content/FigureStrip.vue'
import RollStrip from '../../../src/client/features/meetings/roll/RollStrip.vue'

const figures = (count: number) => Array.from({ length: count }, (_, at) => ({ label: `数${at}`, value: at }))
const strip = (count: number) => mount(FigureStrip, { props: { label: '进度', figures: figures(count) } })

it('more than four figures stand in rows on a narrow screen, so that none is alone', () => {
  expect(strip(5).find('.many').exists()).toBe(true)
  expect(strip(4).find('.many').exists()).toBe(false)
})

it('a figure of the quorum is never torn from its word', () => {
  const rule = {
    part: [1, 2] as [number, number],
    base: 'voters' as const,
    comparator: '>' as const,
    article: '第十一条',
    toBeChecked: true,
  }
  const roll = mount(RollStrip, {
    props: {
      figures: {
        expected: 20,
        present: 3,
        late: 0,
        leave: 0,
        leaveByKind: { duty: 0, sick: 0, personal: 0, errand: 0 },
        absent: 0,
        unmarked: 17,
        contradictions: 0,
        votersExpected: 18,
        votersPresent: 3,
      },
      quorum: { rule, answer: { holds: false, base: 18, needed: 10, missing: 7 } },
    },
  })
  expect(roll.findAll('.words .part').map((part) => part.text())).toEqual([
    '有表决权 18，',
    '到会 3；',
    '需 10',
  ])
})
