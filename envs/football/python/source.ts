import type { SyntaxNode } from '@lezer/common'
import { parser } from '@lezer/python'
import { UserError } from '#core/base/errors'

/** A Python file as Lezer's syntax tree, and the way from a node back to its text and line. */
export interface Source {
  readonly top: SyntaxNode
  text(node: SyntaxNode): string
  /** @throws UserError naming the file, the node's line and the problem. */
  refuse(node: SyntaxNode, problem: string): never
}

/** @throws UserError with the first line that is not Python. */
export function sourceOf(text: string, what: string): Source {
  const code = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const top = parser.parse(code).topNode
  const refuse = (node: SyntaxNode, problem: string): never => {
    const line = code.slice(0, node.from).split('\n').length
    throw new UserError(`${what}, line ${line}: ${problem}`)
  }
  const cursor = top.cursor()
  do {
    if (cursor.type.isError) refuse(cursor.node, 'not Python')
  } while (cursor.next())
  return { top, text: (node) => code.slice(node.from, node.to), refuse }
}

/** A node's parts in order, without comments. */
export function parts(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') found.push(child)
  }
  return found
}

/** The parts between the outer brackets, or all of them, in groups that commas part; empty groups are left out. */
export function groups(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const found: SyntaxNode[][] = [[]]
  for (const node of nodes) {
    if (node.name === ',') found.push([])
    else if (!'()[]'.includes(node.name)) found[found.length - 1].push(node)
  }
  return found.filter((group) => group.length > 0)
}
