/** Hands content to the phone: as a file under a name, or to a page of its own. */

/** A page that was just opened still reads the address. */
const KEEP_ADDRESS_MS = 60_000

function follow(content: Blob, prepare: (link: HTMLAnchorElement) => void): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.rel = 'noopener'
  prepare(link)
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(address), KEEP_ADDRESS_MS)
}

export const saveFile = (name: string, content: Blob): void =>
  follow(content, (link) => (link.download = name))

export type HandedOver = 'shared' | 'saved' | 'stopped'

/** By the phone's own share sheet where it takes files, else as a download. */
export async function shareOrSave(name: string, content: Blob): Promise<HandedOver> {
  const file = new File([content], name, { type: content.type })
  if (navigator.canShare?.({ files: [file] }) === true) {
    try {
      await navigator.share({ files: [file], title: name })
      return 'shared'
    } catch (problem) {
      if (problem instanceof Error && problem.name === 'AbortError') return 'stopped'
      // Some browsers promise to share files and then refuse: the download remains.
    }
  }
  saveFile(name, file)
  return 'saved'
}

/** Straight from the endpoint to the disk: nothing of it passes through the page's memory. */
export function saveAddress(address: string, name: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.rel = 'noopener'
  document.body.append(link)
  link.click()
  link.remove()
}

/** Only what a browser shows without running anything. */
export const openInPage = (content: Blob): void => follow(content, (link) => (link.target = '_blank'))
