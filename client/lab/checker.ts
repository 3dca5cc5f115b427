/** A worker: plays a game that somebody brought against the contract. It may be ended, for its rules may have no end. */
import { z } from 'zod'
import { READERS } from '#agent/dialogue/readers'
import { conformance } from '#core/check/conformance'
import { addGames } from '#core/env/registry'
import { envs } from '#envs'
import { addressOf } from './source.ts'

/** What is found out about a module. */
export type Found =
  /** It was loaded, and is played now. */
  | { readonly ids: readonly string[] }
  /** The first promise that each game breaks, with what is wrong; none where all hold. */
  | { readonly broken: readonly string[]; readonly recipe: string }
  | { readonly error: string }

z.config({ jitless: true })

addEventListener('message', async ({ data }: MessageEvent<{ text: string }>) => {
  const say = (found: Found) => postMessage(found)
  try {
    const module = await import(/* @vite-ignore */ addressOf(data.text))
    const added = addGames(envs, module, { package: '', version: '' }).slice(envs.length)
    say({ ids: added.map(({ id }) => id) })
    const clock = () => performance.now() / 1000
    const broken = added.flatMap((env) =>
      conformance(env, { readers: READERS, cpu: clock })
        .filter(({ status }) => status === 'broken')
        .map(({ name, detail, member }) => `${env.id}: ${name}: ${detail} [${member}]`),
    )
    say({ broken, recipe: broken.length === 0 ? recipeFor(added[0]) : '' })
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n')
    const whole = /module specifier/.test(line) ? '; all but kickpush/env must be in the one file' : ''
    say({ error: line + whole })
  }
})

/** A recipe to begin with: imitation where there is somebody to imitate, then RL. */
function recipeFor({ id, presets, policies }: (typeof envs)[number]): string {
  const [preset] = Object.keys(presets)
  const talk = '{ mode: online, modality: text, maxTurns: 12, memoryActions: 1 }'
  const imitation = policies?.expert
    ? `  - name: sft
    kind: sft
    updates: 100
    batch: 16
    conversation: ${talk}
    optimizer: { rate: 3.0e-3, warmup: 20 }
`
    : ''
  return `name: ${id}
model: xs
shards: 2
data:
  - env: ${id}${preset === undefined ? '' : `\n    config: { preset: ${JSON.stringify(preset)} }`}
stages:
${imitation}  - name: rl
    kind: fre
    updates: 20
    groups: 8
    conversation: ${talk}
    optimizer: { rate: 1.0e-3 }
    freeze: [vision.]
evaluation:
  agents: [random, rl${imitation ? ', expert' : ''}]
  modalities: [text]
  episodes: 20
  conversation: ${talk}
`
}
