/** Hands content to the phone as a file under a name, as a download does. */

/** A page that was just opened still reads the address. */
const KEEP_ADDRESS_MS = 60_000

export function saveFile(name: string, content: BlobPart, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.rel = 'noopener'
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEEP_ADDRESS_MS)
}
