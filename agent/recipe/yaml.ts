import { Composer, type CST, type Document, isScalar, Parser, visit } from 'yaml'
import { UserError } from '#core/base/errors'

/** Most aliases (`*name`) of a document: each stands for a copy, and copies of copies grow without end. */
const MOST_ALIASES = 100
/** Deepest nesting: the library composes values by recursion, and ends the process where the stack does. */
const DEEPEST = 100

/**
 * The value of a YAML text; plain data without cycles.
 * @throws UserError with what is wrong and where, in one line.
 */
export function readYaml(text: string, what: string): unknown {
  try {
    const tokens = [...new Parser().parse(text)]
    if (!tokens.every(isShallow)) throw new UserError(`${what}: nested deeper than ${DEEPEST}`)
    // The library would compare every key of a map with all others; `check` needs a set.
    const documents = [...new Composer({ uniqueKeys: false }).compose(tokens, true, text.length)]
    if (documents.length > 1) throw new UserError(`${what}: more than one document`)
    const [document] = documents
    const [problem] = [...document.errors, ...document.warnings]
    if (problem) throw new UserError(`${what}: ${problem.message}${placeOf(text, problem.pos[0])}`)
    check(document, what)
    return document.toJS()
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${what}: ${(error as Error).message}`)
  }
}

function isShallow(document: CST.Token): boolean {
  let level: unknown[] = [document]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return false
    level = level.flatMap((token) => {
      const { value, items = [] } = token as { value?: unknown; items?: readonly CST.CollectionItem[] }
      const inside = items.flatMap((item) => [item.key, item.value])
      return [value, ...inside].filter((part) => typeof part === 'object' && part !== null)
    })
  }
  return true
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return ` at line ${before.length}, column ${before[before.length - 1].length + 1}`
}

/** @throws UserError for a key that is there twice, for too many aliases and for one that stands for what it is in. */
function check(document: Document, what: string): void {
  let aliases = 0
  visit(document, {
    Alias(_, alias, path) {
      const stands = alias.resolve(document)
      if (stands && path.includes(stands))
        throw new UserError(`${what}: the alias '${alias.source}' is in itself`)
      if (++aliases > MOST_ALIASES) throw new UserError(`${what}: more than ${MOST_ALIASES} aliases`)
    },
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key)) throw new UserError(`${what}: a key that is no plain text`)
        if (seen.has(key.value)) throw new UserError(`${what}: the key '${key.value}' is there twice`)
        seen.add(key.value)
      }
    },
  })
}
