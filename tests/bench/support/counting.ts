/** What a server of the benchmark counts about itself: bytes on its sockets, requests, time of its handlers, memory. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface Counts {
  requests: number
  bytesIn: number
  bytesOut: number
  rssBytes: number
  peakRssBytes: number
  cpuMs: number
  /** Milliseconds of each request since the last reset, by path. */
  handlerMs: Record<string, number[]>
}

const SAMPLE_MS = 50

export function createCounting(server: Pick<Server, 'on'>) {
  const open = new Set<Socket>()
  let [closedIn, closedOut, requests, peak] = [0, 0, 0, 0]
  let base = { bytesIn: 0, bytesOut: 0, cpu: process.cpuUsage() }
  let handlerMs: Record<string, number[]> = {}
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => {
      open.delete(socket)
      closedIn += socket.bytesRead
      closedOut += socket.bytesWritten
    })
  })
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, SAMPLE_MS).unref()
  const sums = () => {
    let [bytesIn, bytesOut] = [closedIn, closedOut]
    for (const socket of open) {
      bytesIn += socket.bytesRead
      bytesOut += socket.bytesWritten
    }
    return { bytesIn, bytesOut }
  }
  return {
    note(path: string, ms: number): void {
      requests += 1
      ;(handlerMs[path] ??= []).push(ms)
    },
    read(): Counts {
      const now = sums()
      const cpu = process.cpuUsage(base.cpu)
      const rssBytes = process.memoryUsage.rss()
      return {
        requests,
        bytesIn: now.bytesIn - base.bytesIn,
        bytesOut: now.bytesOut - base.bytesOut,
        rssBytes,
        peakRssBytes: Math.max(peak, rssBytes),
        cpuMs: (cpu.user + cpu.system) / 1000,
        handlerMs,
      }
    },
    reset(): void {
      base = { ...sums(), cpu: process.cpuUsage() }
      requests = 0
      handlerMs = {}
      peak = process.memoryUsage.rss()
    },
  }
}
