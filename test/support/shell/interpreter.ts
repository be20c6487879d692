import { bind, type Command, type Given, parametersOf } from './commands.ts'
import { type Machine, memberOf, statics } from './dotnet.ts'
import { Expressions } from './expressions.ts'
import { type Node, narrowed, only, part, parts } from './nodes.ts'
import { binary } from './operators.ts'
import { Left, Scope } from './scope.ts'
import { type Block, enumerated, Item, isTrue, Table, Thrown, textOf, type Value } from './values.ts'

/** Runs what a parser of PowerShell made of a script, in strict mode, with these commands and no others. */
export class Interpreter {
  readonly commands = new Map<string, Command>()
  readonly statics: ReturnType<typeof statics>
  private readonly expressions = new Expressions(this)

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
    for (const [name, value] of bind(parameters, given, (node) => this.expressions.value(node, scope))) scope.set(name, value)
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

  statements(node: Node, scope: Scope): readonly Value[] {
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
      if (isTrue(this.expressions.value(part(clause, 'pipeline'), scope)))
        return this.inside(part(clause, 'statement_block'), scope)
    const [otherwise] = parts(node, 'else_clause')
    return otherwise ? this.inside(part(otherwise, 'statement_block'), scope) : []
  }

  private inside(block: Node, scope: Scope): readonly Value[] {
    return parts(block, 'statement_list').flatMap((list) => this.statements(list, scope))
  }

  private loop(node: Node, scope: Scope): readonly Value[] {
    const items = this.expressions.value(part(node, 'pipeline'), scope)
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
        throw new Thrown(child ? textOf(this.expressions.value(child, scope)) : 'ScriptHalted')
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
    if (node.type !== 'pipeline_chain') return enumerated(this.expressions.value(node, scope))
    let flow: readonly Value[] = []
    for (const [index, stage] of node.namedChildren.entries()) {
      if (!stage) continue
      const isCommand = stage.type === 'command'
      flow = isCommand ? this.command(stage, flow, scope) : index === 0 ? enumerated(this.expressions.value(stage, scope)) : []
    }
    return flow
  }

  private assign(node: Node, scope: Scope): readonly Value[] {
    const [left, operator, right] = node.namedChildren
    if (!left || !right) throw new Error(node.text)
    const value = this.expressions.value(right, scope)
    const target = narrowed(left)
    const whole = operator?.text === '+=' ? binary('+', this.expressions.value(target, scope), value) : value
    if (target.type === 'variable') scope.set(target.text.slice(1), whole)
    else if (target.type === 'element_access') this.put(target, whole, scope)
    // A static property of .NET: nothing that these scripts read again.
    return []
  }

  private put(target: Node, value: Value, scope: Scope): void {
    const [owner, index] = target.namedChildren
    const table = owner ? this.expressions.value(owner, scope) : null
    if (!(table instanceof Table) || !index) throw new Thrown('Unable to index into an object')
    table.set(textOf(this.expressions.value(index, scope)), value)
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
          named.set(parameter, this.expressions.value(next, scope))
          index++
        } else named.set(parameter, true)
      } else positional.push(this.expressions.value(word, scope))
    }
    return { named, positional }
  }
}
