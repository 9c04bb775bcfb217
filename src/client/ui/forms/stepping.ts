/**
 * The arithmetic of a score: steps such as 0.5 without floating dust, limits, and what a person types.
 * Guaranteed: a result lies within the limits and on a step counted from `min`, or is the limit itself.
 */
export interface StepRule {
  readonly min: number
  readonly max: number
  readonly step: number
}

const decimalsOf = (value: number): number => {
  const text = String(value)
  if (text.includes('e-')) return Number(text.split('e-')[1])
  return text.split('.')[1]?.length ?? 0
}

/** How many decimals a score of this rule can have. */
export const decimalsOfRule = (rule: StepRule): number =>
  Math.max(decimalsOf(rule.step), decimalsOf(rule.min))

const clamp = (value: number, rule: StepRule): number => Math.min(rule.max, Math.max(rule.min, value))

export const snapToStep = (value: number, rule: StepRule): number => {
  if (value >= rule.max) return rule.max
  const steps = Math.round((value - rule.min) / rule.step)
  return clamp(Number((rule.min + steps * rule.step).toFixed(decimalsOfRule(rule))), rule)
}

/** The next value up (+1) or down (−1). From no value, up gives the least and down the most. */
export const stepFrom = (value: number | null, direction: 1 | -1, rule: StepRule): number => {
  if (value === null) return direction === 1 ? rule.min : rule.max
  const steps = (value - rule.min) / rule.step
  const nearest = Math.round(steps)
  const isOnStep = Math.abs(steps - nearest) < 1e-9
  const next = isOnStep ? nearest + direction : direction === 1 ? Math.ceil(steps) : Math.floor(steps)
  return clamp(Number((rule.min + next * rule.step).toFixed(decimalsOfRule(rule))), rule)
}

/** Reads what was typed, full-width digits and 。 as a point included. Null when it is not a number. */
export const parseScore = (typed: string): number | null => {
  const plain = typed
    .normalize('NFKC')
    .replace(/[。．、，,]/g, '.')
    .replace(/−/g, '-')
    .trim()
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return null
  return Number(plain)
}

/** The sentence under a score whose typed value had to be changed, or undefined. */
export const sentenceForTyped = (
  typed: number | null,
  taken: number | null,
  rule: StepRule,
): string | undefined => {
  if (typed === null) return `请填 ${rule.min} 到 ${rule.max} 的数`
  if (typed > rule.max) return `最多 ${rule.max}，已改为 ${taken}`
  if (typed < rule.min) return `最少 ${rule.min}，已改为 ${taken}`
  if (typed !== taken) return `每档 ${rule.step}，已改为 ${taken}`
  return undefined
}
