import { workplaceOf } from '#agent/hosts/browser/workplace'
import { decodeModel, type Loaded } from '#agent/model/checkpoint'
import { encode } from '#agent/model/encode'
import { saliency } from '#agent/model/saliency'
import { mini } from '#agent/policies/mini'
import { seeded } from '#core/base/random'
import type { Env, State } from '#core/env/env'
import { observe } from '#core/env/observe'
import { actionLimit } from '#core/play/plan'
import { Conversation, type Request } from '#core/play/policy'
import type { Arrow, Sight, Whose } from '../episode/looking.ts'
import { parts } from './parts.ts'
import { arrowOf, type Standing } from './standing.ts'

/** The eyes of a small model. */
export interface Eyes {
  sight(
    standing: Standing,
    conversation: Conversation | undefined,
    response: string | undefined,
    index: number,
  ): Promise<Sight>
  field(standing: Standing, conversation: Conversation | undefined): Promise<Arrow[]>
}

const { chooseBackend } = workplaceOf(parts)
/** The one that was asked last: others are loaded again. */
let current: { readonly name: string; readonly loaded: Loaded } | undefined

/** @throws UserError for a model that cannot be had, or has no words for the game. */
export async function eyesOf(whose: Exclude<Whose, { script: string }>, env: Env): Promise<Eyes> {
  const name = JSON.stringify('shipped' in whose ? [whose.shipped] : ['run', whose.run])
  if (current?.name !== name || ('bytes' in whose && whose.bytes)) {
    await chooseBackend('auto')
    const found =
      'shipped' in whose
        ? await parts.model(whose.shipped)
        : { bytes: new Uint8Array(whose.bytes ?? new ArrayBuffer(0)), what: whose.run }
    const loaded = decodeModel(found.bytes, found.what)
    current?.loaded.model.dispose()
    current = { name, loaded }
  }
  const { loaded } = current
  if (!loaded.model.vocabulary.includes(`<${env.id}>`))
    throw new Error(`This model has no words for ${env.id}.`)
  return eyes(loaded)
}

function eyes({ model, about }: Loaded): Eyes {
  const policy = mini(model, { id: 'eyes', temperature: 0, probabilities: true })
  const requestOf = (
    { env, seat, history }: Standing,
    state: State,
    given: Conversation | undefined,
  ): Request => {
    const conversation = given ?? about.conversation ?? Conversation.parse({})
    const past = history(conversation.modality)
    return {
      episode: 'elsewhere',
      env,
      state,
      seat,
      turn: past.length,
      conversation,
      limit: actionLimit(conversation),
      observation: observe(env, state, seat, conversation.modality),
      history: past,
      random: seeded('elsewhere'),
    }
  }
  return {
    async sight(standing, conversation, response, index) {
      const request = requestOf(standing, standing.state, conversation)
      const text = response ?? (await policy.act([request]))[0].text ?? ''
      const { words } = model
      const tokens = Int32Array.from(words.encode(text).slice(0, model.shape.response))
      const answer = tokens.indexOf(words.special('<answer>'))
      if (tokens.length === 0) throw new Error('Nothing was written.')
      // A word of the answer, or the last one where there is none.
      const at = answer < 0 ? tokens.length - 1 : Math.min(tokens.length - 1, answer + 1 + index)
      const prompt = encode(words, model.shape, request)
      const found = await saliency(model, { prompt, response: tokens }, at)
      return {
        ...found,
        word: model.vocabulary[tokens[at]],
        seen: about.seen,
        modality: request.conversation.modality,
      }
    },
    async field(standing, conversation) {
      const { env, seat } = standing
      if (!env.whereabouts || !env.elsewhere) return []
      const states = env.elsewhere(standing.state, seat)
      const responses = await policy.act(states.map((state) => requestOf(standing, state, conversation)))
      return states.flatMap((state, i): Arrow[] => {
        const { actions, valid, value = null, probabilities } = responses[i]
        if (!valid || actions.length === 0) {
          const spot = env.whereabouts!(state, seat)
          return [{ ...spot, right: 0, down: 0, action: 'nothing that can be read', value }]
        }
        const arrow = arrowOf(env, state, seat, actions[0])
        return [{ ...arrow, probability: probabilities?.[0]?.[arrow.action], value }]
      })
    },
  }
}
