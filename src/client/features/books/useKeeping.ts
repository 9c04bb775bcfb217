/** The keeper of books, as one book's screen sees it. */
import { usePhone } from '../../storage/phone.ts'
import { bookKeeperOf } from './book-keeper.ts'

export function useKeeping(bookId: () => string) {
  const keeper = bookKeeperOf(usePhone())
  return {
    run: () => keeper.runs.get(bookId()),
    start: () => keeper.start(bookId()),
    stop: () => keeper.stop(bookId()),
    remove: () => keeper.remove(bookId()),
  }
}
