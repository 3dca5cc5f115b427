// Trains a game of another package from a script: node train.mjs [game's folder] [updates]
// Needs kickpush installed here or in a folder above.
import { createPolicy, evaluate, gamesOf, readRecipe, summarise, train } from 'kickpush/agent'

const [folder = './mines', updates] = process.argv.slice(2)
const home = new URL('.', import.meta.url).pathname
const games = await gamesOf([`${folder}/src/index.ts`], home)
const overrides =
  updates === undefined ? [] : [`stages.sft.updates=${updates}`, `stages.rl.updates=${updates}`]
const recipe = await readRecipe(`${home}${folder}/recipe.yaml`, overrides)
const out = `runs/${recipe.name}`
await train({
  recipe: { ...recipe, evaluation: undefined },
  out,
  games,
  onNote: (line) => console.log(line),
  onProgress: ({ stage, update, updates, row }) => {
    if (update % 10 === 0 || update === updates)
      console.log(`${stage} ${update}/${updates}`, row.loss ?? row.success)
  },
})

// What came of it, on levels of its own.
const [source] = recipe.data
const env = games.envs.find(({ id }) => id === source.env)
const policy = await createPolicy(`mini:${out}`, { env, temperature: 0 })
const config = env.config.parse({ ...env.presets[source.config.preset], ...source.config })
const levels = Array.from({ length: 50 }, (_, i) => ({ env, config, seed: `script/${i}` }))
const policies = Array.from({ length: env.seats(config) }, () => policy)
const results = await evaluate({ levels, policies, conversation: policy.conversation, sampling: '1' })
const { success } = summarise(results)
console.log(`success ${(100 * success.mean).toFixed(0)} % of ${results.length} levels`)
