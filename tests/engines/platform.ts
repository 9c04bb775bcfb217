/** What the app would like of a browser, asked of the engine itself: the app lives without some of it, and says so. */
import type { Screen } from './screen/screen.ts'

export const FEATURES = [
  'secure context at http://localhost',
  'service worker',
  'module worker',
  'IndexedDB keeps a non-extractable ECDSA key',
  'navigator.locks',
  'BroadcastChannel',
  'CompressionStream (gzip)',
  'storage.persist',
  'storage.estimate',
  'BarcodeDetector',
  'setAppBadge',
] as const
export type Feature = (typeof FEATURES)[number]

/** Runs in the page. @returns a word for each feature, in the order of FEATURES */
async function askPage(): Promise<string[]> {
  const keyComesBack = async (): Promise<boolean> => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
    const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
    const name = 'engines-probe'
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('keys'))
      opening.addEventListener('success', () => resolve(opening.result))
      opening.addEventListener('error', () => reject(new Error('no database')))
    })
    const ask = <T>(work: (keys: IDBObjectStore) => IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        const asking = work(db.transaction('keys', 'readwrite').objectStore('keys'))
        asking.addEventListener('success', () => resolve(asking.result))
        asking.addEventListener('error', () => reject(new Error('not kept')))
      })
    await ask((keys) => keys.put(privateKey, 'key'))
    const kept = (await ask((keys) => keys.get('key') as IDBRequest<CryptoKey>)) as CryptoKey
    const signed = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      kept,
      new TextEncoder().encode('x'),
    )
    db.close()
    indexedDB.deleteDatabase(name)
    return !kept.extractable && signed.byteLength === 64
  }
  const moduleWorkerAnswers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const text = 'const { href } = new URL(import.meta.url); postMessage(href)'
      const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
      const worker = new Worker(address, { type: 'module' })
      worker.addEventListener('message', () => resolve(true))
      worker.addEventListener('error', () => resolve(false))
      setTimeout(() => resolve(false), 5_000)
    })
  const compresses = async (): Promise<boolean> => {
    const gzip = new CompressionStream('gzip')
    const stream = new Blob(['x'.repeat(1000)]).stream().pipeThrough(gzip)
    return (await new Response(stream).arrayBuffer()).byteLength < 200
  }
  const hears = (): Promise<boolean> =>
    new Promise((resolve) => {
      const [one, other] = [new BroadcastChannel('probe'), new BroadcastChannel('probe')]
      other.addEventListener('message', () => resolve(true))
      one.postMessage('x')
      setTimeout(() => resolve(false), 2_000)
    })
  const { storage } = navigator as { storage?: Partial<StorageManager> }
  const asks: (() => unknown)[] = [
    () => isSecureContext,
    () => 'serviceWorker' in navigator,
    moduleWorkerAnswers,
    keyComesBack,
    () => navigator.locks.request('engines-probe', () => true),
    hears,
    compresses,
    async () =>
      storage?.persist === undefined ? false : `there, answers ${(await storage.persist()) ? 'yes' : 'no'}`,
    async () => storage?.estimate !== undefined && ((await storage.estimate()).quota ?? 0) > 0,
    () => 'BarcodeDetector' in globalThis,
    () => 'setAppBadge' in navigator,
  ]
  const answers: string[] = []
  for (const ask of asks) {
    try {
      const answer = await Promise.race([
        ask(),
        new Promise((done) => setTimeout(() => done('waits for a person'), 6_000)),
      ])
      answers.push(typeof answer === 'string' ? answer : answer === true ? 'yes' : 'no')
    } catch (problem) {
      answers.push(`no (${String(problem)})`)
    }
  }
  return answers
}

export const askFeatures = (screen: Screen): Promise<string[]> => screen.engine.call(askPage)
