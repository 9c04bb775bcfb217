// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import ScoreStepper from '../../../src/client/ui/forms/ScoreStepper.vue'
import { parseScore, snapToStep, stepFrom } from '../../../src/client/ui/forms/stepping.ts'

const halves = { min: 0, max: 5, step: 0.5 }
const tenths = { min: -2, max: 3, step: 0.1 }

describe('the arithmetic of a score', () => {
  it('goes up and down by halves and stops at the limits', () => {
    expect(stepFrom(4.5, 1, halves)).toBe(5)
    expect(stepFrom(5, 1, halves)).toBe(5)
    expect(stepFrom(0.5, -1, halves)).toBe(0)
    expect(stepFrom(0, -1, halves)).toBe(0)
  })
  it('leaves no floating dust after many tenths', () => {
    let value = -2
    for (let count = 0; count < 23; count += 1) value = stepFrom(value, 1, tenths)
    expect(value).toBe(0.3)
  })
  it('begins at the near end when there is no value yet', () => {
    expect(stepFrom(null, 1, halves)).toBe(0)
    expect(stepFrom(null, -1, halves)).toBe(5)
  })
  it('goes to the neighbouring step from a value between steps', () => {
    expect(stepFrom(1.2, 1, halves)).toBe(1.5)
    expect(stepFrom(1.2, -1, halves)).toBe(1)
  })
  it('keeps a maximum that is not on a step', () => {
    expect(snapToStep(7, { min: 0, max: 6.7, step: 0.5 })).toBe(6.7)
  })
  it('snaps what was typed', () => {
    expect(snapToStep(4.3, halves)).toBe(4.5)
    expect(snapToStep(-3, halves)).toBe(0)
  })
  it('reads what a Chinese keyboard gives', () => {
    expect(parseScore('４．５')).toBe(4.5)
    expect(parseScore('4。5')).toBe(4.5)
    expect(parseScore(' 3. ')).toBe(3)
    expect(parseScore('-1.5')).toBe(-1.5)
    expect(parseScore('四分')).toBeNull()
    expect(parseScore('1e3')).toBeNull()
  })
})

describe('ScoreStepper', () => {
  const open = (modelValue: number | null) =>
    mount(ScoreStepper, { props: { label: '自评', max: 5, step: 0.5, modelValue } })

  it('adds a step and says the new value', async () => {
    const stepper = open(4.5)
    await stepper.get('[aria-label="加 0.5 分"]').trigger('click')
    expect(stepper.emitted('update:modelValue')).toEqual([[5]])
  })
  it('says of the button at a limit that it does nothing, and leaves it the focus', async () => {
    const stepper = open(5)
    const more = stepper.get('[aria-label="加 0.5 分"]')
    expect(more.attributes()).toMatchObject({ 'aria-disabled': 'true' })
    expect(more.attributes('disabled')).toBeUndefined()
    expect(stepper.get('[aria-label="减 0.5 分"]').attributes('aria-disabled')).toBeUndefined()
    await more.trigger('click')
    expect(stepper.emitted('update:modelValue') ?? []).toEqual([])
  })
  it('holds a typed value to the limit and says so', async () => {
    const stepper = open(3)
    await stepper.get('input').setValue('9')
    await stepper.get('input').trigger('change')
    expect(stepper.emitted('update:modelValue')?.at(-1)).toEqual([5])
    expect(stepper.text()).toContain('最多 5，已改为 5')
  })
  it('keeps the score when the typed text is not a number, and empties it when nothing is typed', async () => {
    const stepper = open(3)
    await stepper.get('input').setValue('三')
    await stepper.get('input').trigger('change')
    expect(stepper.get('input').element.value).toBe('3')
    expect(stepper.text()).toContain('请填 0 到 5 的数')
    await stepper.get('input').setValue('')
    await stepper.get('input').trigger('change')
    expect(stepper.emitted('update:modelValue')?.at(-1)).toEqual([null])
  })
  it('answers the arrow keys', async () => {
    const stepper = open(null)
    await stepper.get('input').trigger('keydown', { key: 'ArrowUp' })
    expect(stepper.emitted('update:modelValue')).toEqual([[0]])
  })
})
