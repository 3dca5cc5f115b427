import type { SyntaxNode } from '@lezer/common'
import { evaluate, firstLine, type Scope, truth } from './expressions.ts'
import { groups, parts, type Source } from './source.ts'
import { isThing, numeric, shown, type Value } from './values.ts'

/** What statements may do beside changing names. */
export interface World extends Scope {
  /** Modules and what can be imported from them: the names that `from module import name` binds. */
  imported(module: string, name: string): ReadonlyMap<string, Value>
  assign(of: Value, name: string, value: Value, node: SyntaxNode): void
  /** Counts a statement; @throws UserError when there have been too many. */
  tick(node: SyntaxNode): void
}

/** How a block ended. */
type Ending = 'done' | 'return' | 'break' | 'continue'

/** Plays the statements of a block. @throws UserError at the first one that cannot be known without running the file. */
export function run(source: Source, world: World, statements: readonly SyntaxNode[]): Ending {
  for (const node of statements) {
    const ending = one(source, world, node)
    if (ending !== 'done') return ending
  }
  return 'done'
}

function one(source: Source, world: World, node: SyntaxNode): Ending {
  world.tick(node)
  const inner = parts(node)
  switch (node.name) {
    case 'PassStatement':
    case ';':
      return 'done'
    case 'StatementGroup':
      return run(source, world, inner)
    case 'ExpressionStatement':
      for (const part of inner) evaluate(source, world, part)
      return 'done'
    case 'AssignStatement':
      assign(source, world, node, inner)
      return 'done'
    case 'UpdateStatement':
      update(source, world, node, inner)
      return 'done'
    case 'ImportStatement':
      importing(source, world, inner)
      return 'done'
    case 'IfStatement':
      return choose(source, world, inner)
    case 'ForStatement':
      return loop(source, world, inner)
    case 'ReturnStatement':
      return 'return'
    case 'BreakStatement':
      return 'break'
    case 'ContinueStatement':
      return 'continue'
  }
  return source.refuse(node, `cannot read '${firstLine(source.text(node))}' without running it`)
}

/** The statements of a block behind a colon. */
export function block(body: SyntaxNode): SyntaxNode[] {
  return parts(body).slice(1)
}

function assign(source: Source, world: World, node: SyntaxNode, inner: readonly SyntaxNode[]): void {
  // a = b = value; a type between the first name and the sign says nothing.
  const sides: SyntaxNode[][] = [[]]
  for (const part of inner) {
    if (part.name === 'AssignOp') sides.push([])
    else if (part.name !== 'TypeDef') sides[sides.length - 1].push(part)
  }
  if (sides.length < 2) return
  const value = listed(source, world, sides[sides.length - 1], node)
  for (const target of sides.slice(0, -1)) bind(source, world, target, value)
}

/** One expression, or several that commas make a tuple of. */
function listed(source: Source, world: World, nodes: readonly SyntaxNode[], node: SyntaxNode): Value {
  if (nodes.length === 0) return source.refuse(node, 'nothing is assigned')
  if (nodes.length === 1) return evaluate(source, world, nodes[0])
  return groups(nodes).map(([part]) => evaluate(source, world, part))
}

/** Binds names, or attributes of the config, to a value, or to its items. */
function bind(source: Source, world: World, target: readonly SyntaxNode[], value: Value): void {
  const [first] = target
  const tuple = first.name === 'TupleExpression' || first.name === 'ArrayExpression'
  if (target.length > 1 || tuple || first.name === 'ParenthesizedExpression') {
    const targets = groups(target.length > 1 ? target : parts(first))
    if (first.name === 'ParenthesizedExpression' && target.length === 1)
      bind(source, world, targets[0], value)
    else if (!Array.isArray(value) || value.length !== targets.length) {
      source.refuse(first, `cannot give ${targets.length} names the value ${shown(value)}`)
    } else for (let i = 0; i < targets.length; i++) bind(source, world, targets[i], value[i])
  } else if (first.name === 'VariableName') world.names.set(source.text(first), value)
  else if (first.name === 'MemberExpression' && parts(first)[1].name === '.') {
    const [of, , name] = parts(first)
    world.assign(evaluate(source, world, of), source.text(name), value, first)
  } else source.refuse(first, `cannot assign to '${firstLine(source.text(first))}'`)
}

function update(source: Source, world: World, node: SyntaxNode, [target, sign, ...rest]: SyntaxNode[]): void {
  const before = numeric(evaluate(source, world, target))
  const by = numeric(listed(source, world, rest, node))
  if (before === null || by === null) source.refuse(node, `cannot read '${firstLine(source.text(node))}'`)
  else {
    const operator = source.text(sign)
    if (operator === '/=' && by === 0) source.refuse(node, 'division by zero')
    if (operator === '+=') bind(source, world, [target], before + by)
    else if (operator === '-=') bind(source, world, [target], before - by)
    else if (operator === '*=') bind(source, world, [target], before * by)
    else if (operator === '/=') bind(source, world, [target], before / by)
    else source.refuse(node, `cannot read '${operator}'`)
  }
}

function importing(source: Source, world: World, inner: readonly SyntaxNode[]): void {
  const words = inner.map((part) => source.text(part))
  const from = words[0] === 'from'
  const split = words.indexOf('import')
  const module = from ? words.slice(1, split).join('') : ''
  for (const group of groups(inner.slice(split + 1))) {
    const [name, as] = group
      .map((part) => source.text(part))
      .join(' ')
      .split(' as ')
    const dotted = name.replace(/ /g, '')
    const found = world.imported(from ? module : dotted, from ? dotted : '')
    if (from) for (const [known, value] of found) world.names.set(as ?? known, value)
    else if (as) world.names.set(as, found.get(dotted) ?? { kind: 'unknown', name: dotted })
    else {
      const first = dotted.split('.')[0]
      world.names.set(first, found.get(first) ?? { kind: 'unknown', name: first })
    }
  }
}

function choose(source: Source, world: World, inner: readonly SyntaxNode[]): Ending {
  for (let i = 0; i < inner.length; i++) {
    const word = inner[i].name
    if (word === 'else') return run(source, world, block(inner[i + 1]))
    if (word !== 'if' && word !== 'elif') continue
    const condition = inner[i + 1]
    if (truth(source, condition, evaluate(source, world, condition))) {
      return run(source, world, block(inner[i + 2]))
    }
  }
  return 'done'
}

function loop(source: Source, world: World, inner: readonly SyntaxNode[]): Ending {
  const at = inner.findIndex((part) => part.name === 'in')
  const body = inner.findIndex((part) => part.name === 'Body')
  const target = inner.slice(1, at)
  const items = listed(source, world, inner.slice(at + 1, body), inner[0])
  if (inner[0].name !== 'for' || isThing(items) || !Array.isArray(items)) {
    return source.refuse(inner[0], `cannot loop over ${shown(items)} without running it`)
  }
  for (const value of items) {
    bind(source, world, target, value)
    const ending = run(source, world, block(inner[body]))
    if (ending === 'return') return ending
    if (ending === 'break') return 'done'
  }
  const otherwise = inner.findIndex((part) => part.name === 'else')
  return otherwise < 0 ? 'done' : run(source, world, block(inner[otherwise + 1]))
}
