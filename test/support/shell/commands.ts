import { cast, created } from './dotnet.ts'
import type { Interpreter } from './interpreter.ts'
import type { Node } from './nodes.ts'
import type { Scope } from './scope.ts'
import { Block, Item, isTrue, jsonOf, Switch, Table, Thrown, textOf, type Value } from './values.ts'

/** What a command is called with. Names in small letters. */
export interface Given {
  readonly named: ReadonlyMap<string, Value>
  readonly positional: readonly Value[]
}

export interface Command {
  /** In small letters: those that take no value. */
  readonly switches?: readonly string[]
  readonly parameters: readonly string[]
  run(given: Given, input: readonly Value[], scope: Scope): readonly Value[]
}

interface Parameter {
  readonly name: string
  readonly type: string
  readonly mandatory: boolean
  readonly initial: Node | undefined
}

export const parametersOf = (block: Node): readonly Parameter[] =>
  block.namedChildren
    .flatMap((child) => (child?.type === 'param_block' ? child.descendantsOfType('script_parameter') : []))
    .flatMap((node) => (node ? [parameter(node)] : []))

function parameter(node: Node): Parameter {
  const variable = node.namedChildren.find((child) => child?.type === 'variable')
  const types = node.descendantsOfType('type_literal').flatMap((one) => one?.text.slice(1, -1) ?? [])
  const initial = node.namedChildren.find((child) => child?.type === 'script_parameter_default')?.namedChildren[0]
  const attributes = node.namedChildren.find((child) => child?.type === 'attribute_list')?.text ?? ''
  return {
    name: variable?.text.slice(1) ?? '',
    type: types[0] ?? 'object',
    mandatory: /Mandatory = \$true/.test(attributes),
    initial: initial ?? undefined,
  }
}

/** The parameters with their values, as PowerShell binds them: by name, the rest in order. An unknown one is an error. */
export function bind(
  parameters: readonly Parameter[],
  { named, positional }: Given,
  evaluate: (node: Node) => Value,
): readonly (readonly [string, Value])[] {
  const unknown = [...named.keys()].find((name) => !parameters.some((one) => one.name.toLowerCase() === name))
  if (unknown !== undefined) throw new Thrown(`A parameter cannot be found that matches parameter name '${unknown}'`)
  const left = [...positional]
  const bound = parameters.map(({ name, type, mandatory, initial }): readonly [string, Value] => {
    const given = named.get(name.toLowerCase())
    if (type === 'switch') return [name, new Switch(given !== undefined && isTrue(given))]
    const value = given === undefined && left.length > 0 ? left.shift() : given
    if (value !== undefined) return [name, cast(type, value)]
    if (mandatory) throw new Thrown(`Cannot process command because of a missing mandatory parameter: ${name}`)
    return [name, initial ? cast(type, evaluate(initial)) : type === 'string' ? '' : null]
  })
  if (left.length > 0) throw new Thrown('A positional parameter cannot be found that accepts the given argument')
  return bound
}

/** What was said, and whether it was a warning. */
export type Said = (line: string, warning: boolean) => void

/** The commands of PowerShell itself that the scripts use. */
export function common(shell: () => Interpreter, said: Said): Readonly<Record<string, Command>> {
  const block = ({ positional }: Given): Block => {
    const [one] = positional
    if (!(one instanceof Block)) throw new Thrown('Cannot bind parameter: no script block')
    return one
  }
  return {
    'Where-Object': {
      parameters: [],
      run: (given, input, scope) => input.filter((item) => shell().block(block(given), item, scope).some(isTrue)),
    },
    'ForEach-Object': {
      parameters: [],
      run: (given, input, scope) => input.flatMap((item) => shell().block(block(given), item, scope)),
    },
    'Out-Null': { parameters: [], run: () => [] },
    'Set-StrictMode': { parameters: ['Version'], run: () => [] },
    'Write-Host': { parameters: [], run: ({ positional }) => tell(positional, false) },
    'Write-Warning': { parameters: [], run: ({ positional }) => tell(positional, true) },
    'Join-Path': { parameters: [], run: ({ positional }) => [positional.map(textOf).join('\\')] },
    'New-Object': { parameters: ['TypeName'], run: ({ named }) => [created(textOf(named.get('typename') ?? null))] },
    'New-PSSessionOption': { parameters: ['OpenTimeout'], run: () => [new Item({})] },
    'ConvertTo-Json': { parameters: ['InputObject', 'Depth'], run: ({ named }) => [jsonOf(named.get('inputobject') ?? null)] },
    'Get-Command': { parameters: ['Name'], run: ({ named }) => command(textOf(named.get('name') ?? null)) },
  }

  function tell(positional: readonly Value[], warning: boolean): readonly Value[] {
    said(positional.map(textOf).join(' '), warning)
    return []
  }

  function command(name: string): readonly Value[] {
    const found = shell().commands.get(name.toLowerCase())
    if (!found) return []
    const parameters = new Table()
    for (const one of found.parameters) parameters.set(one, true)
    return [new Item({ Name: name, Parameters: parameters })]
  }
}
