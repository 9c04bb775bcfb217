/**
 * XML inside a file of somebody else. Writers differ in prefix and in the namespace, so names are compared without them. A document
 * type is refused before anything is parsed: entities could blow it up or point outside.
 */
import type { Refusals } from './zip-package.ts'

const MOST_BYTES = 16 * 1024 * 1024

export function parseXml(bytes: Uint8Array, { damaged }: Pick<Refusals, 'damaged'>): Element {
  if (bytes.length > MOST_BYTES) throw damaged()
  const encoding = /^<\?xml[^>]*encoding=["']([\w-]+)/.exec(
    new TextDecoder('latin1').decode(bytes.subarray(0, 200)),
  )
  const text = decoderFor(encoding?.[1]).decode(bytes)
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw damaged()
  const parsed = new DOMParser().parseFromString(text, 'text/xml')
  const root = parsed.documentElement
  if (root === null || parsed.querySelector('parsererror') !== null) throw damaged()
  return root
}

function decoderFor(encoding = 'utf-8'): TextDecoder {
  try {
    return new TextDecoder(encoding)
  } catch {
    return new TextDecoder()
  }
}

const nameOf = (element: Element): string => element.localName.replace(/^.*:/, '')

export const isNamed = (element: Element, name: string): boolean => nameOf(element) === name
export const kindOf = nameOf

export const childrenOf = (element: Element | undefined, name?: string): Element[] => {
  const all = [...(element?.children ?? [])]
  return name === undefined ? all : all.filter((child) => isNamed(child, name))
}
export const childOf = (element: Element | undefined, ...path: string[]): Element | undefined => {
  let at = element
  for (const name of path) at = childrenOf(at, name)[0]
  return at
}
export const allNamed = (element: Element | undefined, name: string): Element[] =>
  element === undefined ? [] : [...element.getElementsByTagName('*')].filter((one) => isNamed(one, name))

export const textIn = (element: Element | undefined): string => element?.textContent?.trim() ?? ''
export const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.getAttribute(name) ?? undefined
/** Whatever its prefix. */
export const attributeNamed = (element: Element, name: string): string | undefined =>
  [...element.attributes].find((one) => one.name.replace(/^.*:/, '') === name)?.value
