import { whyNoWebgpu } from '#agent/hosts/browser/webgpu'
import { parseRecipe, recipeSchema } from '#agent/recipe/recipe'
import { UserError } from '#core/base/errors'
import type { Asks, Checked } from '../net/tab.ts'
import { WEBGPU } from './webgpu.ts'

const texts = import.meta.glob<string>('../../recipes/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const FIRST = ['quick', 'xs']

/** Why WebGPU cannot compute here; null where it can. */
export async function backends(): Promise<ReturnType<Asks['backends']>> {
  return { webgpu: (await whyNoWebgpu(WEBGPU !== undefined)) ?? null }
}

/** The recipes that come with Kickpush, those for a first look before the others. */
export function recipes(): ReturnType<Asks['recipes']> {
  const all = Object.entries(texts).map(([file, text]) => ({
    name: file.replace(/^.*\/|\.yaml$/g, ''),
    text,
  }))
  const rank = ({ name }: { name: string }) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)
  return { shipped: all.sort((a, b) => rank(a) - rank(b)), schema: recipeSchema() }
}

/** What is wrong with a recipe, with its lines. */
export function check(text: string): Checked {
  try {
    return { problems: [], name: parseRecipe(text, [], 'recipe').name }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const messages = error.message.split('\n')
    return { problems: messages.map((message) => ({ line: lineOf(text, message), message })), name: '' }
  }
}

/** The line (from 1) that a message is about: named in it, or where the key it names stands; null where none can be told. */
function lineOf(text: string, message: string): number | null {
  const told = /at line (\d+)/.exec(message)
  if (told) return Number(told[1])
  const lines = text.split('\n')
  const stage = /stage ([a-z0-9-]+)/.exec(message)?.[1]
  const from = stage === undefined ? 0 : lines.findIndex((line) => line.includes(`name: ${stage}`))
  const words = [...message.matchAll(/[A-Za-z][\w]*/g)].map(([word]) => word)
  for (const start of [Math.max(0, from), 0]) {
    for (const word of words) {
      const at = lines.findIndex((line, i) => i >= start && keys(line).includes(word))
      if (at >= 0 && word !== 'recipe' && word !== 'stage') return at + 1
    }
  }
  return from > 0 ? from + 1 : null
}

/** The keys that stand in a line of YAML. */
const keys = (line: string): string[] =>
  [...line.matchAll(/(?:^|[\s{,-])(\w+)(?=:| +:)/g)].map(([, key]) => key)
