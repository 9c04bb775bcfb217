/**
 * The one export of a year that runs at a time: how far it has come, how it ended, and the bytes as they are asked for.
 *
 * Guarantees: it ends when its reader goes away, when somebody stops it, when the endpoint stops, and when nothing was taken of it
 * for two minutes; from then on the next may begin. However slow the line is, one file of it is held and no more. `whole` is said
 * only after the last byte was taken; what ended before has no directory, so that whoever opens it is told.
 */
export interface RunProgress {
  id: string
  year: string
  /** Who asked for it. */
  by: string
  /** Circulations. */
  done: number
  all: number
  state: 'running' | 'whole' | 'cut' | 'stopped'
}

/** What is handed over at once: a slow line takes one of them well within the patience. */
const PIECE_BYTES = 256 * 1024
const PATIENCE_MS = 120_000

export interface ExportRuns {
  /** The one that runs, or the last one; of this process. */
  last(): RunProgress | undefined
  isRunning(): boolean
  /** @returns what is to be told of each circulation, and the bytes for the answer */
  begin(of: Pick<RunProgress, 'id' | 'year' | 'by'>): Run
  /** @returns whether that one was running */
  stop(id: string): boolean
}
export interface Run {
  onProgress(done: number, all: number): void
  stream(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array>
  /** Nothing of it was sent. */
  abandon(): void
}

export function createExportRuns(stopping: AbortSignal, patienceMs = PATIENCE_MS): ExportRuns {
  let progress: RunProgress | undefined
  let stopNow: (state: 'cut' | 'stopped') => void = () => undefined
  stopping.addEventListener('abort', () => stopNow('cut'))

  function begin(of: Pick<RunProgress, 'id' | 'year' | 'by'>): Run {
    const own: RunProgress = { ...of, done: 0, all: 0, state: 'running' }
    progress = own
    const end = (state: RunProgress['state']): void => {
      if (own.state === 'running') own.state = state
    }
    stopNow = end
    return {
      onProgress: (done, all) => Object.assign(own, { done, all }),
      abandon: () => end('cut'),
      stream: (chunks) => {
        const pieces = inPieces(chunks)
        let patience: NodeJS.Timeout | undefined
        const wait = (): void => {
          patience = setTimeout(() => stopNow('cut'), patienceMs).unref()
        }
        const close = (state: RunProgress['state']): void => {
          clearTimeout(patience)
          end(state)
        }
        return new ReadableStream<Uint8Array>(
          {
            start(controller) {
              wait()
              stopNow = (state) => {
                if (own.state !== 'running') return
                close(state)
                controller.error(new Error(`the export was ${state}`))
                void pieces.return()
              }
            },
            async pull(controller) {
              clearTimeout(patience)
              try {
                const { done, value } = await pieces.next()
                // Stopped meanwhile: the stream is in error already.
                if (own.state !== 'running') return
                if (done === true) {
                  close('whole')
                  return controller.close()
                }
                controller.enqueue(value)
                wait()
              } catch (problem) {
                close('cut')
                controller.error(problem)
              }
            },
            async cancel() {
              close('cut')
              await pieces.return()
            },
          },
          { highWaterMark: 0 },
        )
      },
    }
  }
  return {
    last: () => progress,
    isRunning: () => progress?.state === 'running',
    begin,
    stop: (id) => {
      if (progress?.id !== id || progress.state !== 'running') return false
      stopNow('stopped')
      return true
    },
  }
}

async function* inPieces(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES)
}
