/** WebDriver BiDi as far as it is needed: commands with answers, events, one connection. */
export interface Bidi {
  send(method: string, params: object): Promise<Record<string, unknown>>
  close(): void
}

/** It only ends what hangs: the page that a command waits for may be slow. */
const LONGEST_ANSWER_MS = 90_000

interface Message {
  type: 'success' | 'error' | 'event'
  id?: number
  result?: Record<string, unknown>
  error?: string
  message?: string
  method?: string
  params?: Record<string, unknown>
}

export async function connectBidi(
  where: string,
  onEvent: (method: string, params: Record<string, unknown>) => void,
): Promise<Bidi> {
  const socket = new WebSocket(where)
  const waiting = new Map<
    number,
    { resolve: (r: Record<string, unknown>) => void; reject: (e: Error) => void }
  >()
  let last = 0
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error(`nobody listens at ${where}`)), { once: true })
  })
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    if (message.type === 'event') return onEvent(message.method!, message.params!)
    const asked = waiting.get(message.id!)
    waiting.delete(message.id!)
    if (message.type === 'error') asked?.reject(new Error(`${message.error}: ${message.message}`))
    else asked?.resolve(message.result!)
  })
  socket.addEventListener('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser is gone'))
    waiting.clear()
  })
  return {
    send: (method, params) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new Error('the browser is gone'))
        const id = ++last
        const late = setTimeout(() => {
          waiting.delete(id)
          reject(new Error(`no answer to ${method} ${JSON.stringify(params).slice(0, 200)}`))
        }, LONGEST_ANSWER_MS)
        const ended =
          <T>(settle: (value: T) => void) =>
          (value: T) => {
            clearTimeout(late)
            settle(value)
          }
        waiting.set(id, { resolve: ended(resolve), reject: ended(reject) })
        socket.send(JSON.stringify({ id, method, params }))
      }),
    close: () => socket.close(),
  }
}
