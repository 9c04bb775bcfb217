/** Which files are on this phone, live. */
import type { Ref } from 'vue'
import { useLiveOrLoading } from '../live.ts'
import { usePhone } from '../phone.ts'

/** @returns the hashes of those that are here; undefined until it is known */
export function useKept(
  files: () => readonly { sha256: string }[],
): Readonly<Ref<ReadonlySet<string> | undefined>> {
  const { db } = usePhone()
  return useLiveOrLoading(async () => {
    const asked = files().map(({ sha256 }) => sha256)
    return new Set(await db.blobs.where('sha256').anyOf(asked).primaryKeys())
  }, [
    () =>
      files()
        .map(({ sha256 }) => sha256)
        .join(),
  ])
}
