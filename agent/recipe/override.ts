import { didYouMean, UserError } from '#core/base/errors'
import { readYaml } from './yaml.ts'

/**
 * Writes `a.b=c` over a recipe that was read from YAML, as `--set` does: numbers index lists, `stages.fre.updates` names
 * an item by its name, the value is YAML.
 * @throws UserError naming what is not there, or what is wrong about the value.
 */
export function override(document: unknown, text: string): void {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UserError(`--set ${text}: write key=value, like stages.fre.updates=10`)
  const path = text.slice(0, equals)
  const keys = path.split('.')
  const last = keys.pop()!
  let place = asObject(document, path)
  for (const key of keys) place = asObject(child(place, key, path), path)
  // An item may be added to the end of a list.
  if (Array.isArray(place) && indexIn(place, last) !== String(place.length)) child(place, last, path)
  define(place, indexIn(place, last), readYaml(text.slice(equals + 1), `--set ${path}`))
}

function asObject(place: unknown, path: string): object {
  if (place !== null && typeof place === 'object') return place
  throw new UserError(`--set ${path}: nothing to set there`)
}

/** What is under a key; an object that is made where an object has none. */
function child(place: object, key: string, path: string): unknown {
  const index = indexIn(place, key)
  if (Object.hasOwn(place, index) && index !== 'length') return (place as Record<string, unknown>)[index]
  if (Array.isArray(place)) {
    const names = place.map((item, i) => nameOf(item) ?? String(i))
    throw new UserError(`--set ${path}: no '${key}'${didYouMean(key, names)}`)
  }
  const made = {}
  define(place, index, made)
  return made
}

/** Lists are indexed by number or by the name of an item. */
function indexIn(place: object, key: string): string {
  if (!Array.isArray(place)) return key
  const named = place.findIndex((item) => nameOf(item) === key)
  return named >= 0 ? String(named) : key
}

function nameOf(item: unknown): string | undefined {
  const name = (item as { name?: unknown } | null | undefined)?.name
  return typeof name === 'string' ? name : undefined
}

/** Sets a key of its own, whatever its name (`__proto__`). */
function define(place: object, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, configurable: true, enumerable: true, writable: true })
}
