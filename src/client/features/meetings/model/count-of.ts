/** A count that a person typed, full-width digits too; null when it is not a whole number. */
export function countOf(typed: string): number | null {
  const text = typed.trim().normalize('NFKC')
  return /^\d{1,4}$/.test(text) ? Number(text) : null
}
