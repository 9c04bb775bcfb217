/** The dedicated worker in which sync runs, so that no booking of it ever holds up the thumb. */
import { serveEngine } from './serve-engine.ts'

serveEngine(
  {
    send: (message) => postMessage(message),
    onMessage: (hear) => addEventListener('message', ({ data }) => hear(data)),
  },
  {
    fetch: (...request) => fetch(...request),
    locks: navigator.locks,
    openNudges: typeof EventSource === 'undefined' ? undefined : (path) => new EventSource(path),
  },
)
