/** How far the installing service worker is, from it to the pages. */
export interface ShellProgress {
  /** Files. */
  kept: number
  all: number
}

const CHANNEL = 'wh-shell-progress'
let telling: BroadcastChannel | undefined

export function tellProgress(progress: ShellProgress): void {
  // An old browser has none: its pages say only that it is coming.
  if (typeof BroadcastChannel === 'undefined') return
  telling ??= new BroadcastChannel(CHANNEL)
  telling.postMessage(progress)
}

/** @returns how to stop */
export function hearProgress(heard: (progress: ShellProgress) => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', ({ data }: MessageEvent<ShellProgress>) => heard(data))
  return () => channel.close()
}
