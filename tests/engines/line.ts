/** The line between a phone and the endpoint, which can be cut: connections break, and new ones are refused. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Line {
  /** Through the line, the same for as long as it exists. */
  url: string
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function layLine(target: string): Promise<Line> {
  const { port: targetPort } = new URL(target)
  const sockets = new Set<Socket>()
  let server: Server | undefined
  let port = 0

  const hold = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // A cut line is what this is for.
    socket.on('error', () => socket.destroy())
  }
  const line: Line = {
    url: '',
    async mend() {
      if (server !== undefined) return
      server = createServer((near) => {
        const far = connect(Number(targetPort), '127.0.0.1')
        hold(near)
        hold(far)
        near.pipe(far).pipe(near)
        near.on('close', () => far.destroy())
        far.on('close', () => near.destroy())
      })
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      port = (server.address() as { port: number }).port
      line.url = `http://localhost:${port}`
    },
    async cut() {
      if (server === undefined) return
      const closing = once(server, 'close')
      server.close()
      server = undefined
      for (const socket of sockets) socket.destroy()
      await closing
    },
  }
  await line.mend()
  return line
}
