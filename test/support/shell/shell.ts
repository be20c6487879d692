import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import treeSitter from '@vscode/tree-sitter-wasm'
import { common } from './commands.ts'
import { Interpreter } from './interpreter.ts'
import { exchangeCommands, type Organization } from './organization.ts'
import { Scope } from './scope.ts'
import { Item, Native, type Value } from './values.ts'

/** The effects and output of a script. */
export interface Ran {
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
  /** Every command that changed something. */
  readonly changes: readonly string[]
  readonly files: ReadonlyMap<string, string>
}

export interface Call {
  readonly parameters?: Readonly<Record<string, Value>>
  readonly computer?: string
  readonly now?: Date
}

let parser: treeSitter.Parser | undefined

async function parserOf(): Promise<treeSitter.Parser> {
  if (parser) return parser
  const grammar = createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm')
  await treeSitter.Parser.init()
  parser = new treeSitter.Parser()
  parser.setLanguage(await treeSitter.Language.load(await readFile(grammar)))
  return parser
}

const programs = new Map<string, treeSitter.Node>()

async function parsed(text: string): Promise<treeSitter.Node> {
  const known = programs.get(text)
  if (known) return known
  const tree = (await parserOf()).parse(text.replace(/^\uFEFF/, ''))
  if (!tree || tree.rootNode.hasError) throw new Error(`The script does not parse: ${text.slice(0, 200)}`)
  programs.set(text, tree.rootNode)
  return tree.rootNode
}

/** Runs a script in the Exchange Management Shell of an organization. What the script throws is thrown. */
export async function runScript(
  text: string,
  org: Organization,
  { parameters = {}, computer = 'EX01', now = new Date() }: Call = {},
): Promise<Ran> {
  const program = await parsed(text)
  const [lines, warnings, changes]: [string[], string[], string[]] = [[], [], []]
  const files = new Map<string, string>()
  const machine = { now: () => now, write: (path: string, content: string) => void files.set(path, content) }
  const shell: Interpreter = new Interpreter(machine, {
    ...common(
      () => shell,
      (line, warning) => void (warning ? warnings : lines).push(line),
    ),
    ...exchangeCommands(org, (call) => void changes.push(call)),
  })
  shell.script(program, { named: named(parameters), positional: [] }, scopeOf(parameters, computer))
  return { lines, warnings, changes, files }
}

const named = (parameters: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
  new Map(
    Object.entries(parameters).flatMap(([name, value]) => (name === 'WhatIf' ? [] : [[name.toLowerCase(), value] as const])),
  )

function scopeOf({ WhatIf = false }: Readonly<Record<string, Value>>, computer: string): Scope {
  const scope = new Scope()
  const path = new Native({ getunresolvedproviderpathfrompspath: (text = null) => text })
  scope.set('WhatIfPreference', WhatIf)
  scope.set('env:COMPUTERNAME', computer)
  scope.set('PSScriptRoot', 'C:\\hma')
  scope.set('PSCmdlet', new Native({ shouldprocess: () => true }))
  scope.set('ExecutionContext', new Item({ SessionState: new Item({ Path: path }) }))
  return scope
}
