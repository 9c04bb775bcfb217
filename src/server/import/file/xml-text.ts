/** XML parts of office files as text, for looking through: nothing here resolves an entity, a reference or a schema. */

/** Parts are UTF-8, UTF-16 with a mark, or in the encoding that the first line names. */
export function xmlText(part: Uint8Array | undefined): string {
  if (part === undefined) return ''
  if (part[0] === 0xff && part[1] === 0xfe) return new TextDecoder('utf-16le').decode(part)
  if (part[0] === 0xfe && part[1] === 0xff) return new TextDecoder('utf-16be').decode(part)
  const start = new TextDecoder('latin1').decode(part.subarray(0, 100))
  const isGb = /^<\?xml[^>]*encoding=["'](?:gb2312|gbk|gb18030)["']/i.test(start)
  return new TextDecoder(isGb ? 'gb18030' : 'utf-8').decode(part)
}

export function decodeEntities(text: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return named[String(name)] ?? whole
    const point = hex ? Number.parseInt(String(hex), 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })
}
