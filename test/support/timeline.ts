/** Which credentials of a sort there were at the end of a week, and which one of them was in use. */
export interface Holding {
  readonly inUse: string | undefined
  readonly all: readonly string[]
}

/** A row for each credential and a column for each week: `=` in use, `-` a former one in its overlap. */
export function timeline(weeks: readonly Readonly<Record<string, Holding>>[]): string {
  const sorts = Object.keys(weeks[0] ?? {})
  const rows = sorts.flatMap((sort) => {
    const column = weeks.map((week) => week[sort])
    const ids = [...new Set(column.flatMap((one) => one?.all ?? []))]
    return ids.map((id, index) => {
      const signs = column.map((one) => (one?.inUse === id ? '=' : one?.all.includes(id) ? '-' : ' '))
      return `${sort} ${index + 1}`.padEnd(15) + signs.join('').trimEnd()
    })
  })
  const scale = Array.from({ length: Math.ceil(weeks.length / 10) }, (_, ten) => String(ten * 10).padEnd(10)).join('')
  return [`${'week'.padEnd(15)}${scale.trimEnd()}`, ...rows].join('\n')
}

const marker = /<!-- timeline -->\n[\s\S]*?<!-- end -->/

/** The page with this picture in place of the one between its markers. */
export function withTimeline(page: string, picture: string): string {
  if (!marker.test(page)) throw new Error('The page has no <!-- timeline --> … <!-- end -->.')
  return page.replace(marker, `<!-- timeline -->\n\`\`\`text\n${picture}\n\`\`\`\n<!-- end -->`)
}
