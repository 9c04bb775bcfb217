import type { Component, InjectionKey } from 'vue'
import type { nameDocument } from '../page/page-title.ts'

/** A small word beside the way back, on every page that has a bar: drawn by the app, which knows what is delivered. */
export const barMarkKey: InjectionKey<Component> = Symbol('bar-mark')

/** Whoever draws a page that nobody sees names no document by it. */
export const namingKey: InjectionKey<typeof nameDocument> = Symbol('naming')
