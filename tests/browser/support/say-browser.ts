/** Says once which browser the tests run in. */
import { findBrowser } from './find-browser.ts'

export async function setup(): Promise<void> {
  const { executablePath, from } = await findBrowser()
  console.log(`browser: ${executablePath} (${from})`)
}
