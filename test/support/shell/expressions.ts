import { called, cast, memberOf, type statics } from './dotnet.ts'
import { first, isPlain, last, type Node, only, part, parts, unquoted } from './nodes.ts'
import { binary } from './operators.ts'
import type { Scope } from './scope.ts'
import { Block, collapsed, isList, isTrue, Table, Thrown, Type, textOf, type Value } from './values.ts'

/** What an expression needs from the rest of the shell: the output of statements and pipelines in it. */
export interface Statements {
  readonly statics: ReturnType<typeof statics>
  statements(node: Node, scope: Scope): readonly Value[]
  outputs(node: Node, scope: Scope): readonly Value[]
}

/** Evaluates the expressions of a script. */
export class Expressions {
  private readonly shell: Statements
  constructor(shell: Statements) {
    this.shell = shell
  }

  value(node: Node, scope: Scope): Value {
    switch (node.type) {
      case 'pipeline':
      case 'pipeline_chain':
        return isPlain(node) ? this.value(only(node), scope) : collapsed(this.shell.outputs(node, scope))
      case 'parenthesized_expression':
        return this.value(only(node), scope)
      case 'statement_block':
      case 'statement_list':
        return collapsed(this.shell.statements(node, scope))
      case 'array_expression':
        return parts(node, 'statement_list').flatMap((list) => this.shell.statements(list, scope))
      case 'sub_expression':
        return collapsed(parts(node, 'statement_list').flatMap((list) => this.shell.statements(list, scope)))
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
    const found = this.shell.statics[name.toLowerCase()]?.[member.toLowerCase()]
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
    const method = this.shell.statics[target.name.toLowerCase()]?.[name.toLowerCase()]
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
