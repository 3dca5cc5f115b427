import { z } from 'zod'
import type { Env } from '#core/env/env'
import type { Conversation } from '#core/play/policy'
import { ActionData, Observation, StateData } from './exchange.ts'
import { ResetData } from './reset.ts'

/** The wire's version, as OpenEnv's standard counts it. */
const VERSION = '1.0.0'

/** What OpenEnv calls metadata: what is played, and how it is spoken about. */
export function metadataOf(env: Env, conversation: Conversation): object {
  return {
    name: env.id,
    description: env.title,
    version: `${env.version}.${env.look}`,
    author: env.origin ? `${env.origin.package}@${env.origin.version}` : 'kickpush',
    readme_content: `# ${env.title}\n\nAsked as ${JSON.stringify(conversation)}; every observation holds the chat.\n`,
  }
}

/** Schemas of what goes over the wire. */
export const SCHEMAS = {
  action: z.toJSONSchema(ActionData),
  observation: z.toJSONSchema(Observation),
  state: z.toJSONSchema(StateData),
}

/** The HTTP interface, described. */
export function openApi(env: Env): object {
  const ok = (schema: object) => ({
    200: { description: 'ok', content: { 'application/json': { schema } } },
    400: { description: 'what is wrong, as {"error": {"code", "message"}}' },
  })
  const body = (schema: object) => ({ content: { 'application/json': { schema } } })
  const step = {
    type: 'object',
    properties: {
      observation: SCHEMAS.observation,
      reward: { type: ['number', 'null'] },
      done: { type: 'boolean' },
    },
    required: ['observation', 'reward', 'done'],
  }
  const request = {
    type: 'object',
    properties: {
      action: SCHEMAS.action,
      episode_id: { type: ['string', 'null'] },
      request_id: { type: ['string', 'null'] },
    },
    required: ['action'],
  }
  const any = { type: 'object' }
  const named = { name: 'episode_id', in: 'query', schema: { type: 'string' } }
  return {
    openapi: '3.1.0',
    info: { title: `kickpush: ${env.title}`, version: VERSION },
    paths: {
      '/reset': {
        post: {
          summary: 'begin an episode',
          requestBody: body(z.toJSONSchema(ResetData)),
          responses: ok(step),
        },
      },
      '/step': { post: { summary: 'decide', requestBody: body(request), responses: ok(step) } },
      '/state': { get: { summary: 'how it stands', parameters: [named], responses: ok(SCHEMAS.state) } },
      '/metadata': { get: { summary: 'what is played', responses: ok(any) } },
      '/schema': { get: { summary: 'schemas of action, observation, state', responses: ok(any) } },
      '/health': { get: { summary: 'whether it answers', responses: ok(any) } },
      '/mcp': { post: { summary: 'the Model Context Protocol', requestBody: body(any), responses: ok(any) } },
    },
  }
}
