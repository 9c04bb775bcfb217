/**
 * The circulations of a year in one archive: how it is laid out, and the list of everything in it, sealed by the endpoint, so that
 * a file that was changed, added or taken away is noticed.
 */
import * as v from 'valibot'
import { Count, Id, Millis, Sha256, ShortText } from '../../fields.ts'
import { canonicalJson } from '../../sync/canonical.ts'

export const YEAR_PURPOSE = 'window-hall/circulation-year'
/** At the root of the archive. */
export const YEAR_LIST = '清单.json'
export const YEAR_README = '说明.txt'
export const YEAR_INDEX = '目录.xlsx'
/** In the folder of a document: the files that were signed. */
export const ORIGINALS = '原件'
/** Ends the name of each circulation's file for checking. */
export const BUNDLE_ENDING = ' 核对文件.json'
export const SHEET_ENDING = ' 传阅单.xlsx'

const Listed = v.strictObject({
  path: v.pipe(v.string(), v.maxLength(500)),
  sha256: Sha256,
  sizeBytes: Count,
})
const YearListFields = v.strictObject({
  purpose: v.literal(YEAR_PURPOSE),
  version: v.literal(1),
  year: v.pipe(v.string(), v.regex(/^\d{4}$/)),
  exportedAt: Millis,
  exportedBy: v.strictObject({ personId: ShortText, name: ShortText }),
  circulations: Count,
  files: v.pipe(v.array(Listed), v.maxLength(2_000_000)),
  /** Raw point, base64url; the seal's key id is its hash. */
  publicKey: v.pipe(v.string(), v.maxLength(200)),
  seal: v.strictObject({ keyId: Id, signature: v.pipe(v.string(), v.maxLength(200)) }),
})
export type SealedYearList = v.InferOutput<typeof YearListFields>
export type YearList = Omit<SealedYearList, 'seal'>

/** What the seal signs. */
export function yearStatement(list: YearList): string {
  const { seal: _, ...rest } = list as SealedYearList
  return canonicalJson(rest)
}

/** null: not such a list. */
export function readYearList(text: string): SealedYearList | null {
  try {
    const parsed = v.safeParse(YearListFields, JSON.parse(text))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
