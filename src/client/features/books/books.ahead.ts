/** Books that somebody asked to have here and that are not whole yet: what a cut or a closed app has interrupted. */
import type { Phone } from '../../storage/phone.ts'
import { keepBooks } from './book-keeper.ts'

export const keepAhead = (phone: Phone): (() => void) => keepBooks(phone)
