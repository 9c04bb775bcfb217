/** Time, long tasks and heap of one piece of work on the page's main thread. */
export interface Measured<T> {
  value: T
  ms: number
  /** Of every task of the main thread over 50 ms. */
  longTasksMs: number[]
  /** Bytes of JavaScript heap in use, at each `sample()`. */
  heap: number[]
}

const heapNow = (): number =>
  (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

export async function measured<T>(work: (sample: () => void) => Promise<T>): Promise<Measured<T>> {
  const longTasksMs: number[] = []
  const heap: number[] = []
  const take = (entries: PerformanceEntryList) => longTasksMs.push(...entries.map((entry) => entry.duration))
  const observer = new PerformanceObserver((list) => take(list.getEntries()))
  observer.observe({ entryTypes: ['longtask'] })
  // Whatever loading left over is not ours.
  await pause(200)
  take(observer.takeRecords())
  longTasksMs.length = 0
  const from = performance.now()
  const value = await work(() => heap.push(heapNow()))
  const ms = performance.now() - from
  await pause(100)
  take(observer.takeRecords())
  observer.disconnect()
  return { value, ms, longTasksMs, heap }
}
