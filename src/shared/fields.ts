/** Field shapes that several record types share. Messages are what an importer or a log shows, not what a member reads. */
import * as v from 'valibot'

export const Id = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '编号不合格式'))
export const Millis = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8_640_000_000_000_000))
export const CivilDate = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/, '日期应写成 2026-11-23 的样子'))
export const Month = v.pipe(v.string(), v.regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份应写成 2026-11 的样子'))
export const Week = v.pipe(
  v.string(),
  v.regex(/^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/, '周次应写成 2026-W47 的样子'),
)
export const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '文件指纹不合格式'))
export const ShortText = v.pipe(v.string(), v.maxLength(200, '不超过 200 字'))
export const RequiredText = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, '不能为空'),
  v.maxLength(200, '不超过 200 字'),
)
export const LongText = v.pipe(v.string(), v.maxLength(5_000, '不超过 5000 字'))
/** The body of a lesson or of minutes; a push of one record must stay below 256 KB. */
export const BodyText = v.pipe(v.string(), v.maxLength(60_000, '不超过 60000 字'))
export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
export const Points = v.pipe(v.number(), v.finite(), v.minValue(-1000), v.maxValue(1000))
export const Ids = v.pipe(v.array(Id), v.maxLength(500))

/** A file by the hash of its bytes. */
export const FileRef = v.object({
  sha256: Sha256,
  name: RequiredText,
  mime: ShortText,
  sizeBytes: Count,
})
export type FileRef = v.InferOutput<typeof FileRef>
