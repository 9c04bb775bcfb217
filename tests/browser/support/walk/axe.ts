/** What axe says of a screen: every violation, and every contrast that it could not judge and nobody here has judged. */
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The rules of a scope; none: all of them. */
export type AxeScope = 'everything' | 'look' | 'width'
const OF_THE_WIDTH = ['target-size', 'scrollable-region-focusable']
const RULES: Record<AxeScope, string[]> = {
  everything: [],
  // What another theme or size can change; the rest is the same page.
  look: [...OF_THE_WIDTH, 'color-contrast', 'link-in-text-block'],
  width: OF_THE_WIDTH,
}

interface AxeNode {
  target: string[]
  any: { message: string }[]
}
interface AxeRule {
  id: string
  nodes: AxeNode[]
}
interface AxeAnswer {
  violations: AxeRule[]
  incomplete: AxeRule[]
}

/**
 * Contrasts that a script can't judge, judged by eye: text on a canvas or over a page of a document, one glyph, and what lies
 * partly under a bar (it is scrolled free, and has the same colours there).
 */
const JUDGED = /overlap|obscured|partially|shorter|short|image|pseudo|out of|canvas|non-text|scroll|no value/i

export async function axeFaults(page: Page, scope: AxeScope): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(AXE)
    // A row that lies half under a bar is scrolled free; axe would judge the half. The bars are measured on their own.
    await page.addStyleTag({
      content: '[data-axe] :is(.nav, .foot, .tabs, .strip) { position: static !important }',
    })
  }
  const { violations, incomplete } = await page.evaluate(
    async ([tags, rules]) => {
      const { axe } = window as unknown as {
        axe: { run(root: Document, options: object): Promise<AxeAnswer> }
      }
      const root = document.documentElement
      root.toggleAttribute('data-axe', true)
      const answer = await axe.run(document, {
        resultTypes: ['violations', 'incomplete'],
        runOnly: rules.length > 0 ? { type: 'rule', values: rules } : { type: 'tag', values: tags },
        rules: { 'target-size': { enabled: true } },
      })
      root.toggleAttribute('data-axe', false)
      return answer
    },
    [TAGS, RULES[scope]] as const,
  )
  const say = (kind: string, { id, nodes }: AxeRule, chosen = nodes) =>
    `${kind} ${id}: ${chosen
      .slice(0, 3)
      .map(
        (n) =>
          `${n.target.join(' ')}${kind === 'axe' ? '' : ` (${n.any.map(({ message }) => message).join()})`}`,
      )
      .join(' | ')}`
  const unjudged = incomplete
    .filter(({ id }) => id === 'color-contrast')
    .map((rule) => ({
      rule,
      left: rule.nodes.filter((n) => !n.any.every(({ message }) => JUDGED.test(message))),
    }))
    .filter(({ left }) => left.length > 0)
  return [
    ...violations.map((rule) => say('axe', rule)),
    ...unjudged.map(({ rule, left }) => say('axe can’t judge', rule, left)),
  ]
}
