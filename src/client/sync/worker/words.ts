/** What page and worker say to each other. Plain values: they cross a thread. */
import type { Over } from '../../storage/db.ts'
import type { StorageTroubleKind } from '../../storage/trouble.ts'
import type { Held, Phase, WakeReason } from '../machine/machine.ts'

export interface Device {
  deviceId: string
  keyId: string | null
}

export type ToWorker =
  | { type: 'begin'; personId: string; deviceId: string; isVisible: boolean }
  | { type: 'wake'; reason: WakeReason }
  | { type: 'signed-in'; deviceId: string | undefined }
  | { type: 'sync-now'; ask: number }
  /** The person begins to write, or has ended. */
  | { type: 'writing'; isWriting: boolean }
  /** What only the page hears of the browser. */
  | { type: 'visibility'; isVisible: boolean }
  | { type: 'online' }
  | { type: 'offline' }
  | { type: 'are-you-there' }
  | { type: 'stop' }

export type FromWorker =
  | { type: 'here' }
  | { type: 'phase'; phase: Phase }
  | { type: 'held'; held: Held | null }
  | { type: 'sign-in-needed' }
  | { type: 'contact'; at: number }
  | { type: 'device'; device: Device }
  | { type: 'trouble'; kind: StorageTroubleKind }
  | { type: 'over'; over: Over }
  /** The round that was asked for has ended, however it went. */
  | { type: 'synced'; ask: number }
  | { type: 'stopped' }

/** A worker as the page sees it, or the page as the worker sees it. */
export interface Line<Out, In> {
  send(message: Out): void
  onMessage(hear: (message: In) => void): void
}
