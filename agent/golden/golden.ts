/** One table of hashes that says whether an engine computes what every other one does. */
import { hashText } from '#core/base/hash'
import type { Store } from '#core/base/store'
import type { Host } from '../host.ts'
import { gameHashes } from './games.ts'
import { longEpisodes, longTraining } from './long.ts'
import { NUMBERS } from './numbers.ts'
import { goldenRecipe, trainGolden } from './training.ts'

/** One hash: of numbers, of how a game plays, or of a training after an update. */
export interface GoldenRow {
  readonly kind: 'numbers' | 'game' | 'training' | 'episodes' | 'recipe'
  readonly name: string
  readonly what: string
  readonly hash: string
}
export type GoldenKind = GoldenRow['kind']

export interface GoldenOptions {
  readonly host: Host
  /** The text of recipes/quick.yaml. */
  readonly recipe: string
  /** Where the training goes. */
  readonly store: Store
  readonly workers?: number
  readonly kinds?: readonly GoldenKind[]
  readonly tell: (row: GoldenRow) => void
}

export const KINDS: readonly GoldenKind[] = ['numbers', 'game', 'training']
/** Those that take many minutes: ten thousand random episodes, and the whole of a recipe. */
export const LONG: readonly GoldenKind[] = ['episodes', 'recipe']

/** Computes all rows, in order. @throws UserError where the host cannot train. */
export async function golden({
  host,
  recipe,
  store,
  workers,
  kinds = KINDS,
  tell,
}: GoldenOptions): Promise<void> {
  const all = (kind: GoldenKind, name: string, hashes: Readonly<Record<string, string>>): void => {
    // Before the first update there are no metrics.
    for (const [what, hash] of Object.entries(hashes)) if (hash) tell({ kind, name, what, hash })
  }
  if (kinds.includes('numbers')) {
    for (const [name, hash] of Object.entries(NUMBERS)) all('numbers', name, { bits: hash() })
  }
  if (kinds.includes('game')) {
    for (const env of host.envs) {
      for (const [i, example] of env.examples.entries()) {
        const named = (example as { preset?: unknown }).preset
        const name = `${env.id} ${i}${typeof named === 'string' ? ` ${named}` : ''}`
        all('game', name, await gameHashes(env, example))
      }
    }
  }
  if (kinds.includes('training')) {
    await trainGolden(
      host,
      goldenRecipe(recipe),
      store,
      (update, hashes) => all('training', update, hashes),
      workers,
    )
  }
  if (kinds.includes('episodes'))
    longEpisodes(host.envs, (block, hash) => all('episodes', block, { bits: hash }))
  if (kinds.includes('recipe')) {
    await longTraining(
      host,
      recipe,
      store,
      (name, what, hash) => all('recipe', name, { [what]: hash }),
      workers,
    )
  }
}

/** Whether a line of the table is of a kind that takes long. */
export const isLong = (of: string): boolean => LONG.some((kind) => of.startsWith(`${kind}: `))

/** A row as a line of the table. */
export const writeRow = ({ kind, name, what, hash }: GoldenRow): string =>
  `${hash}  ${kind}: ${name}: ${what}`

/** The lines of a table in some text, by what they are of. */
export function readTable(text: string): Map<string, string> {
  const lines = text.matchAll(/^([0-9a-f]{16}) {2}(\S.*)$/gm)
  return new Map([...lines].map(([, hash, of]) => [of, hash]))
}

/** The hash of a table's lines, to compare at a glance. */
export const hashOfTable = (lines: readonly string[]): string => hashText(lines.join('\n'))
