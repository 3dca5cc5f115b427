import { workerData } from 'node:worker_threads'
import { createPolicy } from '#agent/hosts/node/policies'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { Conversation, type Policy } from '#core/play/policy'
import { loadGames } from '#registry/games'
import { EXHIBITION, exhibit } from '#server/exhibition'
import type { Programme } from './exhibition.ts'

const { folder, programme } = workerData as { folder: string; programme: Programme }
const { games, acts } = programme
const { envs } = await loadGames(games)
const policies = new Map<string, Promise<Policy>>()

await exhibit(
  folder,
  async (index) => {
    const act = acts[index % acts.length]
    const env = findEnv(envs, act.env)
    const config = resolveConfig(env, act.config)
    const name = `${env.id} ${act.agent}`
    if (!policies.has(name)) policies.set(name, createPolicy(act.agent, { env, backend: act.backend }))
    const policy = await policies.get(name)!
    return {
      stepsPerSecond: env.pace ?? 3,
      match: {
        episode: `${index}`,
        env,
        config,
        seed: `exhibition/${index}`,
        policies: new Array<Policy>(env.seats(config)).fill(policy),
        conversation: Conversation.parse({ ...policy.conversation, ...act.conversation }),
        run: EXHIBITION,
      },
    }
  },
  { boards: Math.min(6, acts.length), keep: 24, signal: new AbortController().signal },
)
