/** One page after the other, each in every mode. Goes on after a fault, and tells all of them: page · mode · what, which, how much. */
import type { Page } from 'playwright-core'
import { go } from '../acts.ts'
import { axeFaults, type AxeScope } from './axe.ts'
import { hiddenUnderBars } from './hidden-under-bars.ts'
import { measure } from './measure.ts'
import { LIGHT, NARROWER, putOn, wear, type Mode } from './modes.ts'

/** What may stand in Latin letters: formats, names of files and of browsers, an address, a command, a fingerprint. */
const ALLOWED =
  /npm run import -- people|\b[0-9A-F]{4}\b|Sample page|https?:\/\/\S+|localhost:\d+\S*|[\w\u4e00-\u9fff（）-]+\.(pdf|md|docx|xlsx|csv)|\bJSON\b|\b(Word|Markdown|Linux|Chrome|Windows|iPhone|Safari|https?|WeChat|Wi-Fi|UTF)\b/gi

export interface Walked {
  faults: string[]
  visits: number
  titles: Map<string, string>
}

/** The page is drawn: its heading is there, and nothing loads or moves any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(() => {
    // A button that has asked a question is busy behind it.
    const isLoading = document.querySelector(':is(.loading, .skeleton, [aria-busy="true"]):not([inert] *)')
    return isLoading === null && document.getAnimations().every(({ playState }) => playState !== 'running')
  })
}

/** Where nothing but the width is another, the colours are those of LIGHT. */
const scopeOf = (mode: Mode): AxeScope =>
  mode === LIGHT ? 'everything' : NARROWER.includes(mode) ? 'width' : 'look'

/** The screen as it stands, in one mode. */
export async function faultsIn(page: Page, mode: Mode, scope: AxeScope): Promise<string[]> {
  await wear(page, mode)
  const { faults, text } = await measure(page, mode.isElder)
  const english = text.replaceAll(ALLOWED, '').match(/[A-Za-z]{4,}/g) ?? []
  return [
    ...faults,
    ...(await hiddenUnderBars(page)),
    ...(english.length === 0 ? [] : [`English: ${english.join(', ')}`]),
    ...(await axeFaults(page, scope)),
  ]
}

/** Console errors since the last look, taken away. */
const newTroubles = (troubles: string[]) => troubles.splice(0).map((text) => `console: ${text.slice(0, 200)}`)

export async function walk(
  { page, troubles }: { page: Page; troubles: string[] },
  paths: readonly string[],
  modesOf: (path: string) => readonly Mode[],
): Promise<Walked> {
  const walked: Walked = { faults: [], visits: 0, titles: new Map() }
  const tell = (path: string, where: string, found: readonly string[]) =>
    walked.faults.push(...found.map((fault) => `${path} · ${where} · ${fault}`))
  for (const path of paths) {
    try {
      await putOn(page, LIGHT)
      await go(page, path)
      await settled(page)
      walked.titles.set(path, await page.title())
      for (const mode of modesOf(path)) {
        walked.visits += 1
        tell(path, mode.name, await faultsIn(page, mode, scopeOf(mode)))
      }
    } catch (problem) {
      tell(path, 'not walked', [String(problem).split('\n')[0]!])
    }
    tell(path, 'any', newTroubles(troubles))
  }
  return walked
}

/** Pages that one can't tell apart by the name of their tab. */
export const sameTitles = (titles: ReadonlyMap<string, string>): string[] =>
  [...Map.groupBy(titles, ([, title]) => title)]
    .filter(([title, pages]) => pages.length > 1 || !title.includes(' · '))
    .map(([title, pages]) => `title “${title}”: ${pages.map(([path]) => path).join(', ')}`)
