import type { Recipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { parseEvent } from '#server/episodes'
import { MemoryStore } from '#stores/memory'
import { hostOf } from './learner.ts'

/** What an undisturbed run of a recipe leaves: its files but for their clocks, and the events of its episodes. */
export interface Truth {
  readonly files: ReadonlyMap<string, string>
  readonly episodes: ReadonlyMap<string, readonly string[]>
  readonly rows: readonly string[]
}

/** Name of the one run of every world. */
export const RUN = 'a'
const known = new Map<string, Promise<Truth>>()

/** @throws Error when an undisturbed run does not verify. */
export function truthOf(recipe: Recipe): Promise<Truth> {
  const key = JSON.stringify(recipe)
  const found = known.get(key) ?? undisturbed(recipe)
  known.set(key, found)
  return found
}

async function undisturbed(recipe: Recipe): Promise<Truth> {
  const store = new MemoryStore(RUN)
  await train({ recipe, store, run: RUN, backend: 'cpu', host: hostOf(async () => {}) })
  const contents: [string, Uint8Array][] = []
  const walk = async (folder: string): Promise<void> => {
    for (const name of await store.list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`
      const bytes = await store.read(path)
      if (bytes) contents.push([path, bytes])
      else await walk(path)
    }
  }
  await walk('')
  const episodes = new Map<string, string[]>()
  for (const [path, bytes] of contents) {
    if (!path.startsWith('episodes/')) continue
    const { episodes: verified, bad, torn } = verifyRecord(text(bytes), envs)
    if (torn || bad.length > 0 || verified.some(({ status, complete }) => status !== 'agrees' || !complete)) {
      throw new Error(`${path} of an undisturbed run does not verify`)
    }
    for (const line of text(bytes).trimEnd().split('\n')) {
      const event = parseEvent(Buffer.from(line))
      if (event) episodes.set(event.episode, [...(episodes.get(event.episode) ?? []), JSON.stringify(event)])
    }
  }
  const files = new Map(contents.map(([path, bytes]) => [path, withoutClocks(path, bytes)]))
  return { files, episodes, rows: (files.get('metrics.jsonl') ?? '').trimEnd().split('\n') }
}

/** A file as text, without what only a clock knows. */
export function withoutClocks(path: string, bytes: Uint8Array): string {
  if (path === 'metrics.jsonl') return text(bytes).replace(/^.+$/gm, rowWithoutClock)
  if (path === 'report.md') return text(bytes).replace(/^(\| \w+ \| \w+ \| \d+ \|) \d+ \|/gm, '$1 |')
  return path.endsWith('.safetensors') ? Buffer.from(bytes).toString('latin1') : text(bytes)
}

export function rowWithoutClock(line: string): string {
  try {
    const { seconds: _, ...row } = JSON.parse(line)
    return JSON.stringify(row)
  } catch {
    return line
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
