import type { Column } from './columns.ts'
import { readName } from './rows.ts'

export interface Asked {
  readonly option: string
  readonly name: string
}

type Known = (table: string) => readonly Column[]

/** Columns that a query names and that cannot be read; those of what is expanded too. */
export function askedColumns(query: URLSearchParams, table: string, known: Known): readonly Asked[] {
  return [...query].flatMap(([option, value]) => unread(option, value, table, known))
}

function unread(option: string, value: string, table: string, known: Known): readonly Asked[] {
  const columns = known(table).filter(({ read }) => read)
  if (columns.length === 0) return []
  const names = new Set(columns.map(readName))
  const asked = (list: readonly string[]) => list.filter((name) => !names.has(name)).map((name) => ({ option, name }))
  if (option === '$select') return asked(value.split(','))
  if (option === '$filter')
    return asked(
      [...value.replace(/'(?:[^']|'')*'/g, "''").matchAll(/([a-z_]\w*) (?:eq|ne|gt|ge|lt|le) /g)].map(([, name = '']) => name),
    )
  if (option === '$orderby') return asked(value.split(',').map((each) => each.trim().split(' ')[0] ?? ''))
  if (option !== '$expand') return []
  return split(value, ',').flatMap((each) => {
    const [, name = '', inner = ''] = /^(\w+)(?:\((.*)\))?$/.exec(each) ?? []
    const target = columns.find((column) => column.name === name)?.targets[0]
    if (target === undefined) return [{ option, name: name || each }]
    return split(inner, ';')
      .filter(Boolean)
      .flatMap((part) => unread(part.split('=')[0] ?? '', part.slice(part.indexOf('=') + 1), target, known))
  })
}

/** At the separators outside brackets. */
function split(text: string, separator: string): readonly string[] {
  let depth = 0
  let last = 0
  const pieces: string[] = []
  for (const [at, character] of [...text].entries()) {
    if (character === '(') depth++
    if (character === ')') depth--
    if (character === separator && depth === 0) {
      pieces.push(text.slice(last, at))
      last = at + 1
    }
  }
  return [...pieces, text.slice(last)]
}
