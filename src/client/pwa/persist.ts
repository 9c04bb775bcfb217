/** Asks the browser not to clear what is kept here when space runs low. A no changes nothing: what is kept stays listed. */
export function keepStorage(): () => void {
  const storage: StorageManager | undefined = navigator.storage
  const ask = async (): Promise<void> => {
    try {
      if (!(await storage?.persisted?.())) await storage?.persist?.()
    } catch {
      // Not allowed in this kind of window; the guide says what installing changes.
    }
  }
  const timer = setTimeout(() => void ask(), 2_000)
  return () => clearTimeout(timer)
}
