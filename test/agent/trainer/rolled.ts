import type { MiniLMM } from '#agent/model/minilmm'
import type { Reinforcement } from '#agent/recipe/recipe'
import type { Company } from '#agent/trainer/opponents'
import { rollout } from '#agent/trainer/rollout'
import type { Env } from '#core/env/env'
import type { RecordEvent } from '#core/record/record'

/** The first rollout of a stage on one level of a game, and how its recorded episodes began. */
export async function rolled(
  model: MiniLMM,
  stage: Reinforcement,
  { env, config, company = {} as Company }: { env: Env; config: object; company?: Company },
) {
  const events: RecordEvent[] = []
  const { trajectories, sums } = await rollout(model, {
    stage,
    levels: { sources: [{ env, config, upTo: 1 }] },
    company,
    seed: '1',
    update: 0,
    shard: 0,
    shards: 1,
    keep: 4,
    run: 'r',
    onEvent: (event) => events.push(event),
    breathe: async () => {},
  })
  return { trajectories, sums, starts: events.filter((event) => event.type === 'start') }
}
