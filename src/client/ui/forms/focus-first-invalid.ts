import { nextTick } from 'vue'

/** After a press that a form refused: the keyboard, and the screen with it, goes to the first field with an error. */
export async function focusFirstInvalid(): Promise<void> {
  await nextTick()
  document.querySelector<HTMLElement>('#main [aria-invalid="true"]')?.focus()
}
