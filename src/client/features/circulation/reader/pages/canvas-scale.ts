/**
 * How finely a page is drawn. As finely as the screen shows it, but no canvas is larger than a phone can bear: three pages lie
 * near the screen, and while one is drawn anew its old picture stays. Enough for the small print of an A3 sheet.
 */
import type { FilePage } from './paged-file.ts'

/** Pixels of a canvas: 32 MB, which iPhones draw, too. */
const MOST_PIXELS = 8_000_000
/** Of a phone with 2 GB or less: 20 MB; 160 dots an inch on A3. */
const MOST_PIXELS_OF_SMALL = 5_000_000
const SMALL_GB = 2

/** @param widthPx of the page on the screen, in CSS pixels @returns canvas pixels for each unit of the page */
export function canvasScale(page: Pick<FilePage, 'width' | 'height'>, widthPx: number): number {
  // Told by Chrome alone.
  const { deviceMemory } = navigator as { deviceMemory?: number }
  const most = deviceMemory !== undefined && deviceMemory <= SMALL_GB ? MOST_PIXELS_OF_SMALL : MOST_PIXELS
  const wanted = (widthPx / page.width) * Math.max(1, window.devicePixelRatio)
  return Math.min(wanted, Math.sqrt(most / (page.width * page.height)))
}
