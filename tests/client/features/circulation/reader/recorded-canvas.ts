/** A canvas that draws nothing and tells what it was asked for; to be undone with Vitest's own means. */
import { vi } from 'vitest'

/** @returns every call from now on, as `name(arguments)` */
export function recordCanvas(): string[] {
  const calls: string[] = []
  const context = new Proxy({} as Record<string, unknown>, {
    get: (held, name: string) =>
      name in held
        ? held[name]
        : (...given: unknown[]) => void calls.push(`${name}(${given.map(String).join(' ')})`),
    set: (held, name: string, value) => {
      held[name] = value
      if (name === 'fillStyle' || name === 'strokeStyle' || name === 'font')
        calls.push(`${name}=${String(value)}`)
      return true
    },
  })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never)
  vi.stubGlobal(
    'Path2D',
    class {
      data: string
      constructor(data = '') {
        this.data = data
      }
      toString = () => `path ${this.data}`
    },
  )
  vi.stubGlobal('createImageBitmap', async (blob: Blob) => ({
    toString: () => `picture of ${blob.type}`,
    close: () => undefined,
  }))
  return calls
}
