import type { InjectionKey } from 'vue'

/** Which element a ListRow is: `li` inside a list, `div` inside a plain card. */
export const rowTagKey: InjectionKey<'li' | 'div'> = Symbol('row tag')
