import type { Recipe } from '#agent/recipe/recipe'
import { resolveConfig } from '#core/env/config'
import { findEnv } from '#core/env/registry'
import type { Conversation } from '#core/play/policy'
import type { Games } from '#registry/games'
import type { GameModule } from '#registry/module'

/** Something an exhibition shows again and again, each time from another seed; plain data for its thread. */
export interface Act {
  readonly env: string
  readonly config: Readonly<Record<string, unknown>>
  readonly agent: string
  /** Over how the agent was taught to talk. */
  readonly conversation: Partial<Conversation>
  /** Of a learned agent. */
  readonly backend?: string
}

/** What the thread of an exhibition likes. */
export interface Programme {
  /** Modules of games that do not come with Kickpush. */
  readonly games: readonly GameModule[]
  readonly acts: readonly Act[]
}

/**
 * What is on the wall while a recipe begins to train: what the recipe exhibits, the agent it starts from on text and on
 * frames, on its own levels; and the scripted agents of every environment.
 */
export function programmeOf({ envs }: Games, recipe: Recipe, backend: string): Act[] {
  const conversation = recipe.evaluation?.conversation ?? {}
  const learned = recipe.model.startsWith('mini:')
    ? recipe.data.flatMap(({ env, config }) =>
        (['text', 'frame'] as const).map((modality) => ({
          env,
          config,
          agent: recipe.model,
          conversation: { ...conversation, modality },
          backend,
        })),
      )
    : []
  const shipped = recipe.exhibition.map((exhibit) => ({ ...exhibit, conversation: {}, backend }))
  const scripted = envs.flatMap((env) => {
    const source = recipe.data.find((data) => data.env === env.id)
    const config = (source?.config ?? env.examples[0] ?? {}) as Record<string, unknown>
    const agents = Object.keys(env.policies ?? {}).slice(0, 2)
    return agents.map((agent) => ({
      env: env.id,
      config,
      agent,
      conversation: { actionsPerTurn: 6, maxTurns: 400 },
    }))
  })
  const acts = [...shipped, ...learned, ...scripted]
  for (const { env, config } of acts) resolveConfig(findEnv(envs, env), config)
  return acts
}
