/** A page to look through many pictures: one row a screen, its modes beside each other. */
export interface Shot {
  file: string
  hall: string
  role: string
  path: string
  mode: string
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export function albumPage(shots: readonly Shot[]): string {
  const rows = Map.groupBy(shots, ({ hall, role, path }) => `${hall} · ${role} · ${path}`)
  const sections = [...rows].map(
    ([title, own]) =>
      `<h2>${escaped(title)}</h2><p>${own
        .map(
          ({ file, mode }) =>
            `<a href="${file}"><img loading="lazy" alt="${mode}" title="${mode}" src="${file}"></a>`,
        )
        .join('')}</p>`,
  )
  return `<!doctype html><meta charset="utf-8"><title>所有页面</title>
<style>body{font:14px sans-serif;background:#e9e4db;margin:20px}img{height:420px;margin-right:8px;border-radius:6px}
p{white-space:nowrap;overflow:auto;margin:4px 0 20px}h2{font-size:15px;margin:0}</style>
${sections.join('\n')}\n`
}
