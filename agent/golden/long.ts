import { hashText } from '#core/base/hash'
import { readText, type Store } from '#core/base/store'
import { playRandom, sights, subjectOf } from '#core/check/support'
import type { Env } from '#core/env/env'
import { hashState } from '#core/record/differences'
import type { Host } from '../host.ts'
import { parseRecipe } from '../recipe/recipe.ts'
import { tensorsOf } from './games.ts'
import { trainGolden } from './training.ts'

/** Random episodes of all games in turn, example after example; steps of each; episodes to a hash; steps between looks. */
export const EPISODES = 10_000
const STEPS = 40
const BLOCK = 500
const LOOK = 20

/** Tells the hash of every state, and of what is seen now and then, for each block of episodes: "0 to 499". */
export function longEpisodes(
  envs: readonly Env[],
  tell: (block: string, hash: string) => void,
  count = EPISODES,
): void {
  const subjects = envs.map((env) => env.examples.map((example) => subjectOf(env, example)))
  let hash = ''
  for (let i = 0; i < count; i++) {
    const examples = subjects[i % subjects.length]
    const subject = examples[Math.floor(i / subjects.length) % examples.length]
    const seen: string[] = [hash]
    playRandom(subject, `long ${i}`, STEPS, (state) => {
      seen.push(hashState(subject.env, state))
      if (state.t % LOOK === 0)
        seen.push(JSON.stringify(sights(subject, state)), ...tensorsOf(subject, state))
    })
    hash = hashText(seen.join(' '))
    if ((i + 1) % BLOCK !== 0 && i + 1 < count) continue
    tell(`${i - (i % BLOCK)} to ${i}`, hash)
    hash = ''
  }
}

/** Trains a whole recipe, with its evaluation; tells the hashes of every checkpoint, and of the report's numbers. */
export async function longTraining(
  host: Host,
  recipe: string,
  store: Store,
  tell: (name: string, what: string, hash: string) => void,
  workers?: number,
): Promise<void> {
  const whole = parseRecipe(recipe, ['exhibition=[]'], 'the recipe')
  await trainGolden(
    host,
    whole,
    store,
    (update, hashes) => {
      for (const [what, hash] of Object.entries(hashes)) if (hash) tell(`quick ${update}`, what, hash)
    },
    workers,
  )
  tell('quick', 'report', hashText((await readText(store, 'report.json')) ?? ''))
}
