import { textOf } from './text.ts'

/** The files that scripts are made of. */
const parts = ['frame', 'setup', 'facts', 'points', 'mailboxScope'] as const
type Part = (typeof parts)[number]

/**
 * Windows PowerShell reads a file without a byte order mark as the machine's ANSI code page, in which letters of a name
 * can turn into quotes: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
 */
const byteOrderMark = '\uFEFF'

/** PowerShell ends a string at each of these: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules */
const singleQuotes = /['\u2018-\u201b]/g

/** A string in which PowerShell reads nothing but the text. */
export const quoted = (text: string): string => `'${text.replace(singleQuotes, '$&$&')}'`

const mark = '# hma-deployment: '

/** What a template is filled with. Texts become quoted strings, lists become several; `lines` is PowerShell that hma itself wrote. */
export interface Filling {
  readonly deployment: string
  readonly values: Readonly<Record<string, string | readonly string[]>>
  readonly lines?: Readonly<Record<string, readonly string[]>>
}

/** A script, with LF. What comes from the configuration stands in quoted strings, and in no comment but the mark. */
export function script(part: Part, { deployment, values, lines = {} }: Filling): string {
  const own: NonNullable<Filling['lines']> = { mark: [`${mark}${deployment}`], ...lines }
  // The parts first, then all values in one pass, so that nothing in a value is taken for a placeholder.
  const text = whole(part).replace(placeholder, (_all, indent: string, block: string, name: string) =>
    block === undefined ? literal(values[name], name) : indented(own[block], block, indent),
  )
  return `${byteOrderMark}${text}`
}

/** `# {{name}}` on a line of its own stands for lines, `'{{name}}'` for a string. */
const placeholder = /^( *)# \{\{(\w+)\}\}$|'\{\{(\w+)\}\}'/gm

/** With the other parts that it names in their places. */
const whole = (part: Part): string =>
  textOf(part).replace(/^# \{\{(\w+)\}\}$/gm, (all, name: string) => {
    const other = parts.find((one) => one === name)
    return other === undefined ? all : `${textOf(other).trimEnd()}\n`
  })

function literal(value: string | readonly string[] | undefined, name: string): string {
  if (value === undefined) throw new Error(`The template has a place for ${name}, and no value`)
  return typeof value === 'string' ? quoted(value) : value.map(quoted).join(', ')
}

function indented(block: readonly string[] | undefined, name: string, indent: string): string {
  if (block === undefined) throw new Error(`The template has a place for ${name}, and no lines`)
  return block.map((line) => `${line === '' ? '' : indent}${line}`).join('\n')
}

/** The deployment that a script says it belongs to. */
export const ownerOf = (text: string): string | undefined =>
  text
    .split(/\r?\n/)
    .find((line) => line.startsWith(mark))
    ?.slice(mark.length)

/** The text with the mark of a deployment, where it had none. */
export const markedText = (text: string, deployment: string): string => `${mark}${deployment}\n${text}`

/** What a parameter of a script is by default: what the script was made for. */
export function defaultOf(text: string, parameter: string): string | undefined {
  const start = `    [string] $${parameter} = '`
  const line = text.split(/\r?\n/).find((one) => one.startsWith(start))
  const inside = line?.slice(start.length).match(/^(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*(?=')/)?.[0]
  return inside?.replace(/['\u2018-\u201b](['\u2018-\u201b])/g, '$1')
}
