import { textOf } from './text.ts'

/** The parts of which scripts are assembled. */
const parts = ['frame', 'setup', 'facts', 'points', 'mailboxScope'] as const
type Part = (typeof parts)[number]

/**
 * Windows PowerShell reads a file without a byte order mark as the machine's ANSI code page, in which letters of a name
 * can turn into quotes: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding
 */
const byteOrderMark = '\uFEFF'

/** PowerShell ends a string at each of these: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules */
const singleQuotes = /['\u2018-\u201b]/g

/** A literal string for PowerShell. */
export const quoted = (text: string): string => `'${text.replace(singleQuotes, '$&$&')}'`

const mark = '# hma-deployment: '

/** Values for a template. Texts become quoted strings, lists several of them; `lines` is PowerShell written by hma itself. */
export interface Filling {
  readonly deployment: string
  readonly values: Readonly<Record<string, string | readonly string[]>>
  readonly lines?: Readonly<Record<string, readonly string[]>>
}

/** A script, with LF line ends. Values from the configuration occur in quoted strings only, never in comments except the mark. */
export function script(part: Part, { deployment, values, lines = {} }: Filling): string {
  const own: NonNullable<Filling['lines']> = { mark: [`${mark}${deployment}`], ...lines }
  // First the parts, then all values in one pass, so that nothing in a value is taken for a placeholder.
  const text = whole(part).replace(placeholder, (_all, indent: string, block: string, name: string) =>
    block === undefined ? literal(values[name], name) : indented(own[block], block, indent),
  )
  return `${byteOrderMark}${text}`
}

/** `# {{name}}` on a line of its own stands for lines, `'{{name}}'` for a string. */
const placeholder = /^( *)# \{\{(\w+)\}\}$|'\{\{(\w+)\}\}'/gm

/** Inserts the other parts that it names. */
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

/** The deployment named in a script. */
export const ownerOf = (text: string): string | undefined =>
  text
    .split(/\r?\n/)
    .find((line) => line.startsWith(mark))
    ?.slice(mark.length)

/** The text with a deployment's mark, if it had none. */
export const markedScript = (text: string, deployment: string): string => `${mark}${deployment}\n${text}`

/** A parameter's default in a script: the value it was made for. */
export function defaultOf(text: string, parameter: string): string | undefined {
  const start = `    [string] $${parameter} = '`
  const line = text.split(/\r?\n/).find((one) => one.startsWith(start))
  const inside = line?.slice(start.length).match(/^(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*(?=')/)?.[0]
  return inside?.replace(/['\u2018-\u201b](['\u2018-\u201b])/g, '$1')
}
