import type { SyntaxNode } from '@lezer/common'
import { groups, parts, type Source } from './source.ts'
import { equals, type Given, isThing, numeric, shown, truthOf, type Value } from './values.ts'

/** Names and what they stand for now, and how attributes of things are read. */
export interface Scope {
  readonly names: Map<string, Value>
  attribute(of: Value, name: string, node: SyntaxNode): Value
}

/** An expression's value. @throws UserError where it is not one that can be known without running the file. */
export function evaluate(source: Source, scope: Scope, node: SyntaxNode): Value {
  const value = (of: SyntaxNode) => evaluate(source, scope, of)
  const known = (of: SyntaxNode): Value => {
    const found = value(of)
    if (isThing(found) && found.kind === 'unknown') {
      source.refuse(of, `${shown(found)} is not known before the file is run`)
    }
    return found
  }
  const inner = parts(node)
  switch (node.name) {
    case 'Number':
      return number(source, node)
    case 'Boolean':
      return source.text(node) === 'True'
    case 'None':
      return null
    case 'String':
      return string(source, node)
    case 'VariableName': {
      const name = source.text(node)
      const found = scope.names.get(name)
      if (found === undefined) source.refuse(node, `no name '${name}'`)
      return found as Value
    }
    case 'ParenthesizedExpression':
      return value(inner[1])
    case 'TupleExpression':
    case 'ArrayExpression':
      return groups(inner).map((group) => {
        if (group.length > 1) source.refuse(group[0], `cannot read '${source.text(group[0])}' in a list`)
        return known(group[0])
      })
    case 'UnaryExpression':
      return unary(source, inner[0], known(inner[1]))
    case 'BinaryExpression':
      return binary(source, node, known)
    case 'ConditionalExpression':
      return truth(source, inner[2], known(inner[2])) ? value(inner[0]) : value(inner[4])
    case 'MemberExpression': {
      if (inner[1].name === '.') return scope.attribute(value(inner[0]), source.text(inner[2]), node)
      return item(source, node, known(inner[0]), inner.length === 4 ? known(inner[2]) : null)
    }
    case 'CallExpression': {
      const called = value(inner[0])
      if (!isThing(called) || called.kind !== 'call') {
        source.refuse(node, `what '${source.text(inner[0])}' gives is not known before the file is run`)
      } else return called.call(given(source, scope, inner[1]), node)
    }
  }
  return source.refuse(node, `cannot read '${firstLine(source.text(node))}'`)
}

/** A value as Python's bool. */
export function truth(source: Source, node: SyntaxNode, value: Value): boolean {
  return truthOf(value) ?? source.refuse(node, `${shown(value)} is not known before the file is run`)
}

export function firstLine(text: string): string {
  const line = text.split('\n')[0]
  return line.length > 60 ? `${line.slice(0, 57)}...` : line
}

function number(source: Source, node: SyntaxNode): number {
  const text = source.text(node).replace(/_/g, '')
  const found = /^0\d/.test(text) && !/[.eE]/.test(text) ? Number.NaN : Number(text)
  return Number.isFinite(found) ? found : source.refuse(node, `'${text}' is not a number`)
}

function string(source: Source, node: SyntaxNode): string {
  const text = source.text(node)
  const plain = /^('''|"""|'|")([^\\]*)\1$/.exec(text)
  return plain ? plain[2] : source.refuse(node, `cannot read the text ${firstLine(text)}`)
}

function unary(source: Source, operator: SyntaxNode, value: Value): Value {
  const sign = source.text(operator)
  if (sign === 'not') return !truth(source, operator, value)
  const n = numeric(value)
  if (n === null) source.refuse(operator, `cannot take '${sign}' of ${shown(value)}`)
  else if (sign === '-') return -n
  else if (sign === '+') return n
  return source.refuse(operator, `cannot read '${sign}'`)
}

/** `a < b < c` is a tree that leans to the left: each comparison needs the value that the one before it ended with. */
function binary(source: Source, node: SyntaxNode, known: (node: SyntaxNode) => Value): Value {
  const [left, ...rest] = parts(node)
  const right = rest[rest.length - 1]
  const operator = rest
    .slice(0, -1)
    .map((part) => source.text(part))
    .join(' ')
  if (operator === 'and' || operator === 'or') {
    const first = known(left)
    return truth(source, left, first) === (operator === 'and') ? known(right) : first
  }
  if (rest[0].name === 'CompareOp' || ['is', 'in', 'not'].includes(rest[0].name)) {
    const chained = left.name === 'BinaryExpression' && isComparison(left)
    if (chained && known(left) === false) return false
    const a = chained ? known(parts(left)[parts(left).length - 1]) : known(left)
    return compare(source, rest[0], operator, a, known(right))
  }
  return arithmetic(source, rest[0], operator, known(left), known(right))
}

function isComparison(node: SyntaxNode): boolean {
  return ['CompareOp', 'is', 'in', 'not'].includes(parts(node)[1].name)
}

function compare(source: Source, node: SyntaxNode, operator: string, a: Value, b: Value): boolean {
  if (operator === '==' || operator === 'is') return equals(a, b)
  if (operator === '!=' || operator === 'is not') return !equals(a, b)
  if (operator === 'in' && Array.isArray(b)) return b.some((value) => equals(a, value))
  if (operator === 'not in' && Array.isArray(b)) return !b.some((value) => equals(a, value))
  const [x, y] = [numeric(a), numeric(b)]
  if (x !== null && y !== null) {
    if (operator === '<') return x < y
    if (operator === '<=') return x <= y
    if (operator === '>') return x > y
    if (operator === '>=') return x >= y
  }
  return source.refuse(node, `cannot compare ${shown(a)} ${operator} ${shown(b)}`)
}

function arithmetic(source: Source, node: SyntaxNode, operator: string, a: Value, b: Value): Value {
  if (operator === '+' && Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  const [x, y] = [numeric(a), numeric(b)]
  if (x !== null && y !== null) {
    if ('/%'.includes(operator[0]) && y === 0) return source.refuse(node, 'division by zero')
    if (operator === '+') return x + y
    if (operator === '-') return x - y
    if (operator === '*') return x * y
    if (operator === '/') return x / y
    if (operator === '//') return Math.floor(x / y)
    if (operator === '%') return x - y * Math.floor(x / y)
  }
  return source.refuse(node, `cannot take ${shown(a)} ${operator} ${shown(b)}`)
}

function item(source: Source, node: SyntaxNode, list: Value, index: Value): Value {
  if (!Array.isArray(list) || typeof index !== 'number' || !Number.isInteger(index)) {
    return source.refuse(node, `cannot read '${firstLine(source.text(node))}'`)
  }
  const found = list[index < 0 ? list.length + index : index]
  return found === undefined ? source.refuse(node, `no item ${index} in a list of ${list.length}`) : found
}

function given(source: Source, scope: Scope, node: SyntaxNode): Given {
  const plain: Value[] = []
  const named = new Map<string, Value>()
  for (const group of groups(parts(node))) {
    if (group.length === 1) {
      if (named.size > 0) source.refuse(group[0], 'an argument without a name after one with a name')
      plain.push(evaluate(source, scope, group[0]))
    } else if (group.length === 3 && group[1].name === 'AssignOp') {
      const name = source.text(group[0])
      if (named.has(name)) source.refuse(group[0], `'${name}' is given twice`)
      named.set(name, evaluate(source, scope, group[2]))
    } else source.refuse(group[0], `cannot read the argument '${firstLine(source.text(group[0]))}'`)
  }
  return { plain, named }
}
