/** What the benchmark uses of its peers, whether they are installed or not: the tree's own types never need them. */
declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http'
  interface Request extends IncomingMessage {
    path: string
    params: Record<string, string>
    query: Record<string, unknown>
    body: unknown
  }
  interface Response extends ServerResponse {
    status(code: number): Response
    type(mime: string): Response
    send(body: unknown): Response
    json(body: unknown): Response
  }
  type Handler = (request: Request, response: Response, next: () => void) => void
  export interface Router {
    use(...handlers: unknown[]): void
    get(path: string, handler: Handler): void
    post(path: string, handler: Handler): void
  }
  interface App extends Router {
    use(path: string, handler: unknown): void
    use(handler: Handler | Router): void
    listen(port: number, host: string, ready: () => void): Server
  }
  const express: {
    (): App
    Router(): Router
    json(options: { limit: string }): Handler
    static(folder: string): Handler
  }
  export default express
}

declare module 'pouchdb-core' {
  export interface Pouch {
    bulkDocs(documents: readonly object[]): Promise<unknown>
    info(): Promise<{ doc_count: number }>
  }
  interface PouchClass {
    new (name: string, options?: object): Pouch
    plugin(plugin: never): PouchClass
    defaults(options: object): PouchClass
  }
  const PouchDB: PouchClass
  export default PouchDB
}

declare module 'express-pouchdb' {
  const expressPouchDB: (PouchDB: unknown, options: object) => never
  export default expressPouchDB
}

declare module 'pouchdb' {
  export interface PouchRow {
    id: string
    doc: Record<string, unknown>
  }
  interface Replicated {
    ok: boolean
    docs_read: number
    docs_written: number
  }
  export interface Pouch {
    replicate: {
      from(remote: unknown, options: object): Promise<Replicated>
      to(remote: unknown, options: object): Promise<Replicated>
    }
    bulkDocs(documents: readonly object[]): Promise<unknown>
    allDocs(options: object): Promise<{ rows: PouchRow[] }>
    info(): Promise<{ doc_count: number }>
  }
  const PouchDB: new (name: string, options?: object) => Pouch
  export default PouchDB
}

declare module 'rxdb/plugins/core' {
  export interface RxCollection {
    bulkInsert(documents: readonly object[]): Promise<unknown>
    find(query?: object): { exec(): Promise<{ toJSON(): Record<string, unknown> }[]> }
  }
  export interface RxDatabase {
    addCollections(collections: object): Promise<Record<string, RxCollection>>
  }
  export function createRxDatabase(options: object): Promise<RxDatabase>
}
declare module 'rxdb/plugins/storage-dexie' {
  export function getRxStorageDexie(options?: object): unknown
}
declare module 'rxdb/plugins/replication' {
  interface Replication {
    awaitInitialReplication(): Promise<unknown>
    awaitInSync(): Promise<unknown>
    cancel(): Promise<unknown>
    error$: { subscribe(next: (problem: Error) => void): unknown }
  }
  export function replicateRxCollection(options: object): Replication
}

declare module 'lighthouse' {
  interface Audit {
    score: number | null
    numericValue?: number
    displayValue?: string
  }
  export interface LighthouseResult {
    lighthouseVersion: string
    finalDisplayedUrl: string
    runtimeError?: { message: string }
    audits: Record<string, Audit>
    categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>
  }
  const lighthouse: (
    address: string,
    flags: { port: number; logLevel: 'error'; onlyCategories: string[] },
  ) => Promise<{ lhr: LighthouseResult } | undefined>
  export default lighthouse
}
