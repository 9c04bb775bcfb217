/**
 * Addresses of pdf.js and of what it fetches by itself, as built assets of our own: what has an address can be kept for later
 * without being run. Maps of simplified and traditional Chinese only:
 * Japanese and Korean files without their fonts do not occur here, and 170 files would.
 */
const workers = import.meta.glob<string>('./pdf/pdf-worker.ts', {
  query: '?worker&url',
  import: 'default',
  eager: true,
})
const scripts = import.meta.glob<string>('/node_modules/pdfjs-dist/legacy/build/pdf.min.mjs', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
})
const maps = import.meta.glob<string>(
  [
    '/node_modules/pdfjs-dist/cmaps/{GB,UniGB,Adobe-GB1,UniCNS,Adobe-CNS1,ETen,B5pc,H,V}*.bcmap',
    '!/node_modules/pdfjs-dist/cmaps/HK*.bcmap',
    '!/node_modules/pdfjs-dist/cmaps/Hi*.bcmap',
    '!/node_modules/pdfjs-dist/cmaps/Ha*.bcmap',
  ],
  { query: '?url&no-inline', import: 'default', eager: true },
)
const fonts = import.meta.glob<string>('/node_modules/pdfjs-dist/standard_fonts/*.{ttf,pfb}', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
})
/** Scanned pages: JPEG 2000 and JBIG2. */
const decoders = import.meta.glob<string>('/node_modules/pdfjs-dist/wasm/{openjpeg,jbig2}.wasm', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
})

const addresses = new Map(
  Object.entries({ ...scripts, ...maps, ...fonts, ...decoders }).map(([path, address]) => [
    path.slice(path.lastIndexOf('/') + 1),
    address,
  ]),
)

export const addressOf = (filename: string): string | undefined => addresses.get(filename)
export const workerAddress = Object.values(workers)[0] ?? ''
export const viewerAddress = addressOf('pdf.min.mjs') ?? ''

/** What a usual Chinese office PDF or a scan asks for. */
const USUAL = [
  'UniGB-UCS2-H.bcmap',
  'UniGB-UTF16-H.bcmap',
  'UniGB-UTF16-V.bcmap',
  'GBK-EUC-H.bcmap',
  'GBKp-EUC-H.bcmap',
  'GBK2K-H.bcmap',
  'GB-EUC-H.bcmap',
  'Adobe-GB1-UCS2.bcmap',
  'FoxitSerif.pfb',
  'FoxitSerifBold.pfb',
  'LiberationSans-Regular.ttf',
  'LiberationSans-Bold.ttf',
  'jbig2.wasm',
  'openjpeg.wasm',
]
/** With these the first PDF opens without a network too. */
export const neededOffline: readonly string[] = [
  viewerAddress,
  workerAddress,
  ...USUAL.flatMap((name) => addresses.get(name) ?? []),
]
