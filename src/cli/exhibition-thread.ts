import { workerData } from 'node:worker_threads'
import { createPolicy } from '#agent/hosts/node/policies'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import { Conversation, type Policy } from '#core/play/policy'
import { envs } from '#envs'
import { EXHIBITION, exhibit } from '#server/exhibition'
import type { Act } from './exhibition.ts'

const { folder, programme } = workerData as { folder: string; programme: readonly Act[] }
const policies = new Map<string, Promise<Policy>>()

await exhibit(
  folder,
  async (index) => {
    const act = programme[index % programme.length]
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
  { boards: Math.min(6, programme.length), keep: 24, signal: new AbortController().signal },
)
