/** One schema of the configuration, as far as its reference shows it. */
export interface Described {
  readonly title?: string
  readonly description?: string
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Described>>
  readonly patternProperties?: Readonly<Record<string, Described>>
  readonly anyOf?: readonly Described[]
  readonly items?: Described
}

const introduction = `# Configuration

One YAML document is one deployment; a file may hold several, divided by \`---\`. A key that hma does not know is an error. \`\${NAME}\` in a string takes a
variable of the environment, \`$\${\` is a literal \`\${\`. \`hma validate\` finds every mistake, offline; [examples](../examples) show whole files.

This page is generated from the [schema](../schemas/hma.schema.json) by \`npm run reference\`. **Bold** keys are required where their block is written.
`

/** The whole schema as one page: a section for each block, a row for each of its keys. */
export function reference(schema: Described): string {
  const { properties = {} } = schema
  const blocks = Object.entries(properties).flatMap(([name, one]) => section(name, one, 2))
  return `${[introduction, '## The document\n', table(properties, schema.required, linked), ...blocks].join('\n')}\n`
}

/** What of a schema has keys of its own: itself, its alternatives, its items. */
const blocksOf = (one: Described): readonly Described[] =>
  [one, ...(one.anyOf ?? []), ...Object.values(one.patternProperties ?? {}), ...(one.items ? blocksOf(one.items) : [])].filter(
    ({ properties }) => properties !== undefined,
  )

function section(path: string, one: Described, level: number): string[] {
  return blocksOf(one).flatMap((block) => {
    const { properties = {}, required } = block
    const inner = Object.entries(properties).flatMap(([name, child]) => section(`${path}.${name}`, child, level + 1))
    const plain = (one.anyOf ?? one.items?.anyOf ?? []).filter(({ properties }) => properties === undefined)
    const instead = plain.map(
      (other) =>
        `${one.items ? 'An item is this block or, instead,' : 'Instead of the block:'} ${values(other)}. ${other.description}`,
    )
    const about = [...new Set([one.description, ...instead, block.description])]
    const heading = `${'#'.repeat(Math.min(level, 4))} ${path}`
    return [`\n${heading}\n`, `${about.filter(Boolean).join(' ')}\n`, table(properties, required), ...inner]
  })
}

type Naming = (name: string, one: Described) => string

/** A key of the document, with a link to the section of its block. */
const linked: Naming = (name, one) => (blocksOf(one).length === 0 ? code(name) : `[${code(name)}](#${name.toLowerCase()})`)

function table(properties: Readonly<Record<string, Described>>, required: readonly string[] = [], named: Naming = code): string {
  const rows = Object.entries(properties).map(([name, one]) => {
    const key = required.includes(name) ? `**${named(name, one)}**` : named(name, one)
    return `| ${[key, values(one), standard(one), text(one)].join(' | ')} |`
  })
  return ['| key | value | default | |', '|---|---|---|---|', ...rows].join('\n')
}

function values(one: Described): string {
  if (one.enum) return one.enum.map(code).join(', ')
  if (one.patternProperties) return 'a block for each tenant, by its id'
  if (one.anyOf) return one.anyOf.map(values).join(', or ')
  if (one.type === 'array') return one.items ? `list of ${values(one.items)}` : 'list'
  if (one.type === 'object') return 'a block, see below'
  const range = [one.minimum ?? '', one.maximum ?? ''].join(' to ').trim()
  if (one.type === 'integer')
    return `whole number${range === 'to' ? '' : `, ${one.maximum === undefined ? `from ${one.minimum}` : range}`}`
  return one.format ?? (one.type === 'boolean' ? '`true`, `false`' : 'text')
}

const standard = ({ default: value }: Described): string =>
  value === undefined || (typeof value === 'object' && value !== null) ? '' : code(value)

function text({ description = '', enum: choices, examples = [] }: Described): string {
  const example = choices || examples.length === 0 || typeof examples[0] === 'object' ? '' : ` Example: ${code(examples[0])}`
  return `${description}${example}`.replaceAll('|', '\\|')
}

const code = (value: unknown): string => `\`${String(value)}\``
