/** The built app in a throw-away folder, as `npm run build` makes it, and the sizes of its files. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

/** Beside the app: what opening costs with nothing of ours in it. Each ends with an element `#done`. */
export const FLOORS = { words: '/bench-words.html', vue: '/bench-vue.html' } as const

/** Whose code a file is made of, in bytes before minifying: the shares count, not the sums. */
export type Owner = 'own' | 'vue' | 'router' | 'dexie' | 'others'
export type Shares = Partial<Record<Owner, number>>

export interface BuiltApp {
  folder: string
  /** By the file's name as it is fetched: `/assets/…js`. */
  shares: Map<string, Shares>
}

export async function buildApp(folder: string): Promise<BuiltApp> {
  const sharesFile = `${folder}.json`
  const builder = spawn(process.execPath, [join(import.meta.dirname, 'build.ts'), folder, sharesFile], {
    stdio: ['ignore', 2, 2],
  })
  const [code] = (await once(builder, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the app could not be built: ${code}`)
  const shares = JSON.parse(readFileSync(sharesFile, 'utf8')) as Record<string, Shares>
  return { folder, shares: new Map(Object.entries(shares)) }
}

export interface Sizes {
  raw: number
  gzip: number
  brotli: number
}

/** @param path as it is fetched @returns undefined for what is not a file of the app */
export function sizesOf({ folder }: BuiltApp, path: string): Sizes | undefined {
  const files = new Set(readdirSync(folder, { recursive: true }).map((file) => `/${String(file)}`))
  const name = path === '/' || !files.has(path) ? '/index.html' : path
  if (path.startsWith('/api/')) return undefined
  const bytes = readFileSync(join(folder, name))
  return {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes).length,
  }
}
