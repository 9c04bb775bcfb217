export const APP_NAME = '窗口先锋'

/** The name of the tab, which a screen reader says first: the page, then the app. */
export function nameDocument(page = ''): void {
  document.title = page === '' || page === APP_NAME ? APP_NAME : `${page} · ${APP_NAME}`
}
