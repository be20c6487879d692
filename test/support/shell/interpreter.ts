import type treeSitter from '@vscode/tree-sitter-wasm'
import { bind, type Command, type Given, parametersOf } from './commands.ts'
import { called, cast, type Machine, memberOf, statics } from './dotnet.ts'
import { binary } from './operators.ts'
import { Block, collapsed, enumerated, Item, isList, isTrue, Table, Thrown, Type, textOf, type Value } from './values.ts'

type Node = treeSitter.Node

/** Leaves a function or a turn of a loop. What came out before is not lost. */
class Left {
  readonly by: 'return' | 'continue'
  readonly values: readonly Value[]
  constructor(by: Left['by'], values: readonly Value[]) {
    this.by = by
    this.values = values
  }
}

/** Variables are found up the chain of callers, and set in the nearest scope. */
export class Scope {
  readonly variables = new Map<string, Value>()
  readonly parent: Scope | undefined
  constructor(parent?: Scope) {
    this.parent = parent
  }

  get(name: string): Value {
    const key = name.toLowerCase()
    const own = this.variables.get(key)
    if (own !== undefined) return own
    if (!this.parent) throw new Thrown(`The variable '$${name}' cannot be retrieved because it has not been set`)
    return this.parent.get(name)
  }

  set(name: string, value: Value): void {
    this.variables.set(name.toLowerCase(), value)
  }
}

/** Runs what a parser of PowerShell made of a script, in strict mode, with these commands and no others. */
export class Interpreter {
  readonly commands = new Map<string, Command>()
  readonly statics: ReturnType<typeof statics>

  constructor(machine: Machine, commands: Readonly<Record<string, Command>>) {
    this.statics = statics(machine)
    for (const [name, command] of Object.entries(commands)) this.commands.set(name.toLowerCase(), command)
  }

  /** The whole script, with its parameters. */
  script(program: Node, given: Given, scope: Scope): readonly Value[] {
    return this.body(program, given, scope)
  }

  private body(block: Node, given: Given, scope: Scope): readonly Value[] {
    const parameters = parametersOf(block)
    for (const [name, value] of bind(parameters, given, (node) => this.value(node, scope))) scope.set(name, value)
    const statements = block.namedChildren.filter(
      (child) => child?.type === 'statement_list' || child?.type === 'script_block_body',
    )
    try {
      return statements.flatMap((child) => (child ? this.statements(child, scope) : []))
    } catch (signal) {
      if (signal instanceof Left) return signal.values
      throw signal
    }
  }

  /** A block in the scope of its caller, with `$_`. */
  block({ source }: Block, item: Value, scope: Scope): readonly Value[] {
    const block = source as Node
    scope.set('_', item)
    return block.namedChildren.flatMap((child) => (child ? this.statements(child, scope) : []))
  }

  private statements(node: Node, scope: Scope): readonly Value[] {
    const found: Value[] = []
    for (const child of node.namedChildren) {
      try {
        if (child) found.push(...this.statement(child, scope))
      } catch (signal) {
        throw signal instanceof Left ? new Left(signal.by, [...found, ...signal.values]) : signal
      }
    }
    return found
  }

  private statement(node: Node, scope: Scope): readonly Value[] {
    switch (node.type) {
      case 'comment':
      case 'empty_statement':
        return []
      case 'statement_list':
        return this.statements(node, scope)
      case 'function_statement':
        return this.define(node)
      case 'if_statement':
        return this.conditional(node, scope)
      case 'foreach_statement':
        return this.loop(node, scope)
      case 'try_statement':
        return this.attempt(node, scope)
      case 'flow_control_statement':
        return this.leave(node, scope)
      default:
        return this.outputs(node, scope)
    }
  }

  private define(node: Node): readonly Value[] {
    const name = part(node, 'function_name').text
    const block = part(node, 'script_block')
    const run = (given: Given, _input: readonly Value[], scope: Scope): readonly Value[] =>
      this.body(block, given, new Scope(scope))
    this.commands.set(name.toLowerCase(), { run, parameters: parametersOf(block).map((one) => one.name) })
    return []
  }

  private conditional(node: Node, scope: Scope): readonly Value[] {
    for (const clause of [node, ...parts(node, 'elseif_clauses').flatMap((all) => parts(all, 'elseif_clause'))])
      if (isTrue(this.value(part(clause, 'pipeline'), scope))) return this.inside(part(clause, 'statement_block'), scope)
    const [otherwise] = parts(node, 'else_clause')
    return otherwise ? this.inside(part(otherwise, 'statement_block'), scope) : []
  }

  private inside(block: Node, scope: Scope): readonly Value[] {
    return parts(block, 'statement_list').flatMap((list) => this.statements(list, scope))
  }

  private loop(node: Node, scope: Scope): readonly Value[] {
    const items = this.value(part(node, 'pipeline'), scope)
    const found: Value[] = []
    for (const item of items === null ? [] : enumerated(items)) {
      scope.set(part(node, 'variable').text.slice(1), item)
      try {
        found.push(...this.inside(part(node, 'statement_block'), scope))
      } catch (signal) {
        if (!(signal instanceof Left)) throw signal
        found.push(...signal.values)
        if (signal.by === 'return') throw new Left('return', found)
      }
    }
    return found
  }

  private attempt(node: Node, scope: Scope): readonly Value[] {
    try {
      return this.inside(part(node, 'statement_block'), scope)
    } catch (error) {
      if (!(error instanceof Thrown)) throw error
      scope.set('_', new Item({ Exception: new Item({ Message: error.message, ...error.more }) }))
      return this.inside(part(part(part(node, 'catch_clauses'), 'catch_clause'), 'statement_block'), scope)
    }
  }

  private leave(node: Node, scope: Scope): readonly Value[] {
    const [child] = node.namedChildren
    switch (node.child(0)?.text) {
      case 'return':
        throw new Left('return', child ? this.outputs(child, scope) : [])
      case 'throw':
        throw new Thrown(child ? textOf(this.value(child, scope)) : 'ScriptHalted')
      case 'continue':
        throw new Left('continue', [])
      default:
        throw new Error(`no ${node.text}`)
    }
  }

  /** What comes out of a pipeline, one by one. */
  outputs(node: Node, scope: Scope): readonly Value[] {
    if (node.type === 'pipeline' && node.namedChildCount === 1) return this.outputs(only(node), scope)
    if (node.type === 'assignment_expression') return this.assign(node, scope)
    if (node.type !== 'pipeline_chain') return enumerated(this.value(node, scope))
    let flow: readonly Value[] = []
    for (const [index, stage] of node.namedChildren.entries()) {
      if (!stage) continue
      const isCommand = stage.type === 'command'
      flow = isCommand ? this.command(stage, flow, scope) : index === 0 ? enumerated(this.value(stage, scope)) : []
    }
    return flow
  }

  private assign(node: Node, scope: Scope): readonly Value[] {
    const [left, operator, right] = node.namedChildren
    if (!left || !right) throw new Error(node.text)
    const value = this.value(right, scope)
    const target = narrowed(left)
    const whole = operator?.text === '+=' ? binary('+', this.value(target, scope), value) : value
    if (target.type === 'variable') scope.set(target.text.slice(1), whole)
    else if (target.type === 'element_access') this.put(target, whole, scope)
    // A static property of .NET: nothing that these scripts look at again.
    return []
  }

  private put(target: Node, value: Value, scope: Scope): void {
    const [owner, index] = target.namedChildren
    const table = owner ? this.value(owner, scope) : null
    if (!(table instanceof Table) || !index) throw new Thrown('Unable to index into an object')
    table.set(textOf(this.value(index, scope)), value)
  }

  private command(node: Node, input: readonly Value[], scope: Scope): readonly Value[] {
    const [each] = parts(node, 'foreach_command')
    const [named] = parts(node, 'command_name')
    const name = each ? 'ForEach-Object' : (named?.text ?? this.commandIn(node, scope))
    const command = this.commands.get(name.toLowerCase())
    if (!command) throw new Thrown(`The term '${name}' is not recognized as the name of a cmdlet`)
    const elements = parts(node, 'command_elements').flatMap((all) => all.namedChildren)
    const own = each ? parts(each, 'script_block_expression') : elements
    return command.run(this.given(own, command, scope), input, scope)
  }

  /** `& $point.Command`: the parser keeps the path in one piece. */
  private commandIn(node: Node, scope: Scope): string {
    const path = (node.descendantsOfType('path_command_name')[0]?.text ?? '').split('.')
    const first = scope.get((path[0] ?? '').slice(1))
    return textOf(path.slice(1).reduce<Value>((value, name) => memberOf(value, name), first))
  }

  private given(elements: readonly (Node | null)[], command: Command, scope: Scope): Given {
    const named = new Map<string, Value>()
    const positional: Value[] = []
    const words = elements.filter((one) => one !== null && !['command_argument_sep', 'redirection'].includes(one.type))
    for (let index = 0; index < words.length; index++) {
      const word = words[index]
      if (!word) continue
      const splat = /^@(\w+)$/.exec(word.text)?.[1]
      if (splat !== undefined) {
        const table = scope.get(splat)
        if (table instanceof Table) for (const [name, value] of table.entries.values()) named.set(name.toLowerCase(), value)
      } else if (word.type === 'command_parameter') {
        const parameter = word.text.replace(/^-|:$/g, '').toLowerCase()
        const next = words[index + 1]
        const takes = word.text.endsWith(':') || !(command.switches ?? []).includes(parameter)
        if (takes && next && next.type !== 'command_parameter') {
          named.set(parameter, this.value(next, scope))
          index++
        } else named.set(parameter, true)
      } else positional.push(this.value(word, scope))
    }
    return { named, positional }
  }

  value(node: Node, scope: Scope): Value {
    switch (node.type) {
      case 'pipeline':
      case 'pipeline_chain':
        return isPlain(node) ? this.value(only(node), scope) : collapsed(this.outputs(node, scope))
      case 'parenthesized_expression':
        return this.value(only(node), scope)
      case 'statement_block':
      case 'statement_list':
        return collapsed(this.statements(node, scope))
      case 'array_expression':
        return parts(node, 'statement_list').flatMap((list) => this.statements(list, scope))
      case 'sub_expression':
        return collapsed(parts(node, 'statement_list').flatMap((list) => this.statements(list, scope)))
      case 'string_literal':
        return only(node).type === 'expandable_string_literal' ? this.expanded(only(node), scope) : unquoted(node.text)
      case 'expandable_string_literal':
        return this.expanded(node, scope)
      case 'integer_literal':
      case 'real_literal':
        return Number(node.text)
      case 'generic_token':
        return node.text
      case 'variable':
        return this.variable(node.text.slice(1), scope)
      case 'hash_literal_expression':
        return this.table(node, scope)
      case 'script_block_expression':
        return new Block(parts(part(node, 'script_block'), 'script_block_body')[0] ?? part(node, 'script_block'))
      case 'type_literal':
        return new Type(node.text.slice(1, -1))
      case 'cast_expression':
        return cast(part(node, 'type_literal').text.slice(1, -1), this.value(last(node), scope))
      case 'expression_with_unary_operator':
        return /^(-not|!)/.test(node.text) ? !isTrue(this.value(last(node), scope)) : this.value(last(node), scope)
      case 'member_access':
        return this.member(node, scope)
      case 'element_access':
        return this.element(node, scope)
      case 'invokation_expression':
        return this.invoked(node, scope)
      default:
        return this.operation(node, scope)
    }
  }

  private variable(name: string, scope: Scope): Value {
    const constants: Readonly<Record<string, Value>> = { true: true, false: false, null: null }
    const key = name.toLowerCase()
    return key in constants ? (constants[key] ?? null) : scope.get(key)
  }

  private table(node: Node, scope: Scope): Table {
    const table = new Table()
    for (const entry of parts(node, 'hash_literal_body').flatMap((body) => parts(body, 'hash_entry')))
      table.set(part(entry, 'key_expression').text.replace(/^'|'$/g, ''), this.value(last(entry), scope))
    return table
  }

  private expanded(node: Node, scope: Scope): string {
    let text = ''
    let at = node.startIndex + 1
    for (const child of node.namedChildren) {
      if (!child) continue
      text += node.text.slice(at - node.startIndex, child.startIndex - node.startIndex) + textOf(this.value(child, scope))
      at = child.endIndex
    }
    return text + node.text.slice(at - node.startIndex, -1)
  }

  private member(node: Node, scope: Scope): Value {
    const name = part(node, 'member_name').text
    const target = this.value(first(node), scope)
    if (target instanceof Type) return this.static(target, name)
    return memberOf(target, name)
  }

  private static({ name }: Type, member: string): Value {
    const found = this.statics[name.toLowerCase()]?.[member.toLowerCase()]
    if (found === undefined || typeof found === 'function') throw new Thrown(`[${name}] has no ${member}`)
    return found
  }

  private element(node: Node, scope: Scope): Value {
    const [owner, index] = node.namedChildren
    if (!owner || !index) throw new Error(node.text)
    const [target, key] = [this.value(owner, scope), this.value(index, scope)]
    if (target instanceof Table) return target.get(textOf(key))
    if (!isList(target)) throw new Thrown('Cannot index into an object that is no list')
    const found = target[Number(key)]
    if (found === undefined) throw new Thrown('Index was outside the bounds of the array.')
    return found
  }

  private invoked(node: Node, scope: Scope): Value {
    const list = parts(part(node, 'argument_list'), 'argument_expression_list').flatMap((all) =>
      parts(all, 'argument_expression'),
    )
    const given = list.map((one) => this.value(one, scope))
    const [target, name] = [this.value(first(node), scope), part(node, 'member_name').text]
    if (!(target instanceof Type)) return called(target, name, given)
    const method = this.statics[target.name.toLowerCase()]?.[name.toLowerCase()]
    if (typeof method !== 'function') throw new Thrown(`[${target.name}] has no method ${name}`)
    return method(...given)
  }

  /** Every level of the grammar's precedence is a node of its own, mostly with nothing to do. */
  private operation(node: Node, scope: Scope): Value {
    const children = node.children.flatMap((child) => child ?? [])
    const [head, ...rest] = children
    if (!head) throw new Error(`nothing in ${node.type}: ${node.text}`)
    if (rest.length === 0) return this.value(head, scope)
    if (node.type === 'array_literal_expression')
      return children.filter((child) => child.isNamed).map((child) => this.value(child, scope))
    let value = this.value(head, scope)
    for (let index = 0; index < rest.length; index += 2) {
      const [operator, right] = [rest[index]?.text.toLowerCase() ?? '', rest[index + 1]]
      if (!right) throw new Error(node.text)
      if (operator === '-and' || operator === '-or') {
        if (isTrue(value) === (operator === '-or')) return isTrue(value)
        value = isTrue(this.value(right, scope))
      } else value = binary(operator, value, this.value(right, scope), (matches) => scope.set('Matches', matches))
    }
    return value
  }
}

/** An expression alone keeps its value as it is; only what comes out of a command, or down a pipeline, is taken apart. */
const isPlain = (node: Node): boolean =>
  node.namedChildCount === 1 && !['command', 'assignment_expression'].includes(only(node).type)

const unquoted = (text: string): string => text.slice(1, -1).replace(/['\u2018-\u201b](['\u2018-\u201b])/g, '$1')

const parts = (node: Node, type: string): readonly Node[] =>
  node.namedChildren.flatMap((child) => (child?.type === type ? [child] : []))

function part(node: Node, type: string): Node {
  const [found] = parts(node, type)
  if (!found) throw new Error(`no ${type} in ${node.text}`)
  return found
}

const first = (node: Node): Node => node.namedChildren[0] ?? fail(node)
const last = (node: Node): Node => node.namedChildren.at(-1) ?? fail(node)
const only = (node: Node): Node => first(node)

function fail(node: Node): never {
  throw new Error(`nothing in ${node.text}`)
}

/** Down to where there is more than one thing. */
function narrowed(node: Node): Node {
  const [child] = node.children
  return child && node.childCount === 1 && child.isNamed ? narrowed(child) : node
}
