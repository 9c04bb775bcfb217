import type { Component, InjectionKey } from 'vue'

/** A small word beside the way back, on every page that has a bar: drawn by the app, which knows what is delivered. */
export const barMarkKey: InjectionKey<Component> = Symbol('bar-mark')
