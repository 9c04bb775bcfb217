/**
 * What a screen reader is given, as lines: from Chromium's accessibility tree in the order of reading, and from the live regions
 * in the order of speaking. How a reader says it is its own affair; what is not here, none can say.
 */
import type { CDPSession, Page } from 'playwright-core'

interface AxValue {
  value?: unknown
}
interface AxNode {
  nodeId: string
  ignored: boolean
  role?: AxValue
  name?: AxValue
  description?: AxValue
  properties?: { name: string; value: AxValue }[]
  childIds?: string[]
  backendDOMNodeId?: number
}

/** What one acts on: without a name nobody knows what it does. */
const ACTED_ON = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'spinbutton',
  'checkbox',
  'radio',
  'switch',
  'combobox',
  'tab',
]
/** What one finds the way by. */
const PLACES = [
  'heading',
  'main',
  'navigation',
  'dialog',
  'alertdialog',
  'group',
  'radiogroup',
  'region',
  'progressbar',
]

/** Chromium's protocol gives some values byte by byte. */
const wholeOf = (text: string): string =>
  /^[\0-\xff]*$/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text

const inLine = (value: AxValue | undefined): string =>
  wholeOf(String(value?.value ?? ''))
    .replace(/\s+/g, ' ')
    .trim()

function stateOf(node: AxNode): string {
  const said = new Map((node.properties ?? []).map(({ name, value }) => [name, value.value]))
  const role = String(node.role?.value)
  const words: string[] = []
  if (role === 'heading') words.push(String(said.get('level')))
  for (const name of ['pressed', 'checked', 'expanded', 'selected'])
    if (said.has(name)) words.push(`${String(said.get(name)) === 'true' ? '' : 'not '}${name}`)
  for (const name of ['disabled', 'required', 'readonly']) if (said.get(name) === true) words.push(name)
  if (said.has('invalid') && said.get('invalid') !== 'false') words.push('invalid')
  if (said.has('valuetext') && said.get('valuetext') !== '')
    words.push(`= ${wholeOf(String(said.get('valuetext')))}`)
  return words.join(', ')
}

const described = (node: AxNode): string => {
  const words = inLine(node.description)
  return words === '' ? '' : `(${words})`
}

/** Chromium from 153 on leaves the words of a value out of its protocol: then they are what the page has written. */
async function tellValue(session: CDPSession, node: AxNode): Promise<void> {
  const told = node.properties?.find(({ name }) => name === 'valuetext')
  if (told === undefined || told.value.value !== '' || node.backendDOMNodeId === undefined) return
  const asked = { backendNodeId: node.backendDOMNodeId }
  const { attributes = [] } = (await session.send('DOM.describeNode', asked)).node
  const at = attributes.indexOf('aria-valuetext')
  if (at >= 0) told.value = { value: Buffer.from(attributes[at + 1]!, 'utf8').toString('latin1') }
}

/** `button “已学” not pressed`, in the order of reading. @returns also what can be acted on and has no name */
export async function spokenOf(page: Page): Promise<{ lines: string[]; unnamed: string[] }> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as { nodes: AxNode[] }
  for (const node of nodes) await tellValue(session, node)
  await session.detach()
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const lines: string[] = []
  const unnamed: string[] = []
  const visit = (node: AxNode | undefined): void => {
    if (node === undefined) return
    const role = String(node.role?.value ?? '')
    const name = inLine(node.name)
    if (!node.ignored && [...ACTED_ON, ...PLACES].includes(role)) {
      const line = [role, name === '' ? '' : `“${name}”`, stateOf(node), described(node)]
        .filter(Boolean)
        .join(' ')
      lines.push(line)
      if (name === '' && ACTED_ON.includes(role)) unnamed.push(line)
    }
    for (const id of node.childIds ?? []) visit(byId.get(id))
  }
  visit(nodes[0])
  return { lines, unnamed }
}

/**
 * Writes down what live regions say from now on. One that comes with its words in it is not heard: readers speak what changes
 * inside a region that they know. An alert is the exception.
 */
export async function listen(page: Page): Promise<{ heard(): Promise<string[]> }> {
  await page.evaluate(() => {
    const REGIONS = '[role=status], [role=alert], [aria-live]:not([aria-live=off])'
    const heard: string[] = []
    Object.assign(window, { heard })
    const said = new Map<Element, string>()
    const wordsOf = (region: Element) => region.textContent.replace(/\s+/g, ' ').trim()
    for (const region of document.querySelectorAll(REGIONS)) said.set(region, wordsOf(region))
    new MutationObserver(() => {
      for (const region of document.querySelectorAll(REGIONS)) {
        const words = wordsOf(region)
        const isKnown = said.has(region) || region.matches('[role=alert]')
        if (isKnown && words !== '' && words !== said.get(region)) heard.push(words)
        said.set(region, words)
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  return {
    heard: () => page.evaluate(() => (window as unknown as { heard: string[] }).heard),
  }
}
