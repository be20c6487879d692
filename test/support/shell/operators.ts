import { formatted } from './dotnet.ts'
import { isList, isSame, order, Table, Thrown, Type, textOf, type Value, wildcard } from './values.ts'

/** The result of an operator on two values. `-match` returns its groups. */
export function binary(operator: string, left: Value, right: Value, matched: (groups: Table) => void = () => {}): Value {
  switch (operator) {
    case '+':
      return sum(left, right)
    case '*':
      return textOf(left).repeat(Number(right))
    case '-f':
      return formatted(textOf(left), isList(right) ? right : [right])
    case '-eq':
      return isSame(left, right)
    case '-ne':
      return !isSame(left, right)
    case '-gt':
      return order(left, right) > 0
    case '-ge':
      return order(left, right) >= 0
    case '-lt':
      return order(left, right) < 0
    case '-like':
      return wildcard(textOf(right)).test(textOf(left))
    case '-contains':
      return isList(left) && left.some((one) => isSame(one, right))
    case '-notcontains':
      return !(isList(left) && left.some((one) => isSame(one, right)))
    case '-join':
      return (isList(left) ? left : [left]).map(textOf).join(textOf(right))
    case '-replace':
      return textOf(left).replace(
        new RegExp(textOf((isList(right) ? right[0] : right) ?? null), 'gi'),
        textOf((isList(right) ? right[1] : '') ?? null),
      )
    case '-match':
      return matches(textOf(left), textOf(right), matched)
    case '-notmatch':
      return !new RegExp(textOf(right), 'i').test(textOf(left))
    case '-is':
      return right instanceof Type && right.name.toLowerCase() === 'bool' && typeof left === 'boolean'
    case '-bor':
      return Number(left) | Number(right)
    default:
      throw new Error(`no operator ${operator}`)
  }
}

function sum(left: Value, right: Value): Value {
  if (isList(left)) return [...left, ...(isList(right) ? right : [right])]
  if (typeof left === 'number') return left + Number(textOf(right))
  if (typeof left === 'string') return left + textOf(right)
  throw new Thrown('The operation has no method named op_Addition')
}

function matches(text: string, pattern: string, matched: (groups: Table) => void): boolean {
  const found = new RegExp(pattern, 'i').exec(text)
  if (!found) return false
  const groups = new Table()
  for (const [index, group] of found.entries()) groups.set(String(index), group ?? null)
  matched(groups)
  return true
}
