/** Runs one part at a time as a process group of its own: whatever it started and left behind ends with it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { lineToProgress, type Job, type Progress } from './parts.ts'

const MEMORY_MB = 1536
/** A part ends by itself; one that hangs is ended after twice its time and this. */
const GRACE_MS = 300_000
const KEPT_CHARS = 4000

export interface Ended {
  progress: Progress
  /** It ended otherwise than it should, and did not say why. */
  trouble: string | undefined
  wasStopped: boolean
}
export interface Lane {
  run(job: Job): Promise<Ended>
  /** Ends what runs now; what it told so far counts. */
  stop(): void
}

export function createLane(): Lane {
  let child: ChildProcess | undefined
  let wasStopped = false
  const end = () => {
    const pid = child?.pid
    // The group: an endpoint that a part started goes too. Its database server has a guard of its own.
    if (pid !== undefined && child?.exitCode === null) process.kill(-pid, 'SIGKILL')
  }
  return {
    stop: () => {
      wasStopped = true
      end()
    },
    run: async (job) => {
      const folder = mkdtempSync(join(tmpdir(), 'window-hall-soak-'))
      // PostgreSQL may run as another user.
      chmodSync(folder, 0o755)
      const running = start(job, folder)
      child = running.child
      let isLate = false
      const late = setTimeout(
        () => {
          isLate = true
          end()
        },
        job.seconds * 2000 + GRACE_MS,
      )
      const { code, progress, said } = await running.ended
      clearTimeout(late)
      child = undefined
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
      const isWrong = code !== 0 && progress.failure === undefined && !wasStopped
      const how = isLate ? 'did not end by itself' : `ended with ${code}`
      return { progress, trouble: isWrong ? `${how}\n${said}` : undefined, wasStopped }
    },
  }
}

function start({ part, seconds, seed }: Job, folder: string) {
  const program = join(import.meta.dirname, 'part.ts')
  const words = ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${MEMORY_MB}`, program]
  const child = spawn(process.execPath, [...words, part, String(seconds), String(seed)], {
    detached: true,
    // A zone far from the bureau's, as in `npm test`.
    env: { ...process.env, TMPDIR: folder, TZ: 'America/Los_Angeles' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let progress: Progress = { runs: 0, counts: {} }
  let said = ''
  const keep = (text: string) => void (said = (said + text).slice(-KEPT_CHARS))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = lineToProgress(line)
    if (told === undefined) keep(`${line}\n`)
    else progress = told
  })
  child.stderr.on('data', (text: Buffer) => keep(text.toString()))
  const ended = new Promise<{ code: number | null; progress: Progress; said: string }>((resolve) => {
    child.on('error', (problem) => keep(problem.message))
    child.on('close', (code) => resolve({ code, progress, said }))
  })
  return { child, ended }
}
