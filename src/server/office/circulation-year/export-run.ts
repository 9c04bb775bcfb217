/**
 * The export of a year as this process runs it: how far it has come, how it ended, and the bytes as they are asked for.
 *
 * Guarantees: it ends when its reader goes away, when somebody stops it (asking another process: within `BEAT_MS`), when the
 * endpoint stops, and when nothing was taken of it for two minutes; from then on the next may begin. However slow the line is, one
 * file of it is held and no more. `whole` is said only after the last byte was taken; what ended before has no directory, so that
 * whoever opens it is told.
 */
import type { RunClaim, RunProgress } from './run-claim.ts'

/** What is handed over at once: a slow line takes one of them well within the patience. */
const PIECE_BYTES = 256 * 1024
const PATIENCE_MS = 120_000
const BEAT_MS = 2000

type Ending = Exclude<RunProgress['state'], 'running'>

export interface ExportRuns {
  /** The one that runs, or the last one; of whichever process. */
  last(): Promise<RunProgress | undefined>
  /** @returns what is to be told of each circulation, and the bytes for the answer; undefined while another runs */
  begin(of: Pick<RunProgress, 'id' | 'year' | 'by'>): Promise<Run | undefined>
  /** @returns whether that one was running */
  stop(id: string): Promise<boolean>
}
export interface Run {
  onProgress(done: number, all: number): void
  stream(chunks: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array>
  /** Nothing of it was sent. */
  abandon(): Promise<void>
}

export function createExportRuns(
  claim: RunClaim,
  stopping: AbortSignal,
  patienceMs = PATIENCE_MS,
): ExportRuns {
  /** The one that this process runs, or ran last. */
  let own: OwnRun | undefined
  stopping.addEventListener('abort', () => void own?.end('cut'))
  return {
    last: async () => {
      // What ended here is told before anything else is.
      if (own?.isRunning() === false) await own.end('cut')
      const told = await claim.last()
      const isOurs = told?.state === 'running' && told.id === own?.progress.id
      return isOurs ? { ...own!.progress } : told
    },
    begin: async (of) => {
      const progress: RunProgress = { ...of, done: 0, all: 0, state: 'running' }
      if (!(await claim.take(progress))) return undefined
      const run = createOwnRun(progress, claim)
      own = run
      return {
        onProgress: (done, all) => Object.assign(progress, { done, all }),
        stream: (chunks) => streamOf(chunks, run, patienceMs),
        abandon: async () => void (await run.end('cut')),
      }
    },
    stop: async (id) => {
      if (own?.progress.id !== id || !own.isRunning()) return await claim.stop(id)
      return (await own.end('stopped')) === 'stopped'
    },
  }
}

interface OwnRun {
  progress: RunProgress
  isRunning(): boolean
  /** The first word counts. `onEnd` is called before anybody else is told. @returns how it ended for all */
  end(state: Ending): Promise<RunProgress['state']>
  onEnd: (state: Ending) => void
}

/** Tells the others of it, beat for beat, and hears whether one of them had it stopped. */
function createOwnRun(progress: RunProgress, claim: RunClaim): OwnRun {
  let beat: NodeJS.Timeout | undefined
  let ending: Promise<RunProgress['state']> | undefined
  const beatLater = (): void => {
    // A database that is away for a moment: the export goes on, and is told of at the next beat.
    beat = setTimeout(() => void claim.tell(progress).then(hear, () => hear('running')), BEAT_MS).unref()
  }
  function hear(state: RunProgress['state']): void {
    if (progress.state !== 'running') return
    if (state === 'running') beatLater()
    else void run.end(state)
  }
  async function endOnce(state: Ending): Promise<RunProgress['state']> {
    clearTimeout(beat)
    progress.state = state
    run.onEnd(state)
    // Another process may have had it stopped before its last byte; who can't be told now finds it gone in a minute.
    progress.state = await claim.tell(progress).catch((): Ending => 'cut')
    return progress.state
  }
  const run: OwnRun = {
    progress,
    isRunning: () => progress.state === 'running',
    onEnd: () => undefined,
    end: (state) => (ending ??= endOnce(state)),
  }
  beatLater()
  return run
}

function streamOf(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  run: OwnRun,
  patienceMs: number,
): ReadableStream<Uint8Array> {
  const pieces = inPieces(chunks)
  let patience: NodeJS.Timeout | undefined
  const wait = (): void => {
    patience = setTimeout(() => void run.end('cut'), patienceMs).unref()
  }
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        wait()
        run.onEnd = (state) => {
          clearTimeout(patience)
          if (state === 'whole') return
          controller.error(new Error(`the export was ${state}`))
          void pieces.return()
        }
      },
      async pull(controller) {
        clearTimeout(patience)
        try {
          const { done, value } = await pieces.next()
          // Stopped meanwhile: the stream is in error already.
          if (!run.isRunning()) return
          if (done !== true) {
            controller.enqueue(value)
            return wait()
          }
          const ended = await run.end('whole')
          if (ended === 'whole') controller.close()
          else controller.error(new Error(`the export was ${ended}`))
        } catch (problem) {
          // What went wrong is what the reader is told, before its end is told to the others.
          controller.error(problem)
          await run.end('cut')
        }
      },
      async cancel() {
        await run.end('cut')
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}

async function* inPieces(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES)
}
