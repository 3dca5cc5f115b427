import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import type { Frame } from '#core/draw/scene'
import type { Env } from '#core/env/env'
import type { Level } from '#core/play/match'
import { play } from '#core/play/play'
import { Conversation, type Policy, type Request } from '#core/play/policy'
import { writeAnswer } from '../dialogue/answer.ts'
import { dialogue, type Message } from '../dialogue/dialogue.ts'
import { foresee } from '../policies/foresight.ts'
import { scripted } from '../policies/scripted.ts'
import { ask, type OpenTask, oneAnswer } from './task.ts'

/** A level that the expert played, as a chat. */
export interface Chat {
  readonly task: OpenTask
  /** What asked for the last answer. */
  readonly request: Request
  readonly messages: readonly Message[]
  /** The last answer's actions, and as it was written. */
  readonly actions: readonly number[]
  readonly answer: string
  readonly success: boolean
}

/** The expert's whole answer to one question. */
export async function answerOnce(
  level: Level,
  modality: Conversation['modality'],
  most: number,
): Promise<Chat> {
  const { env, config, seed } = level
  const task: OpenTask = { ...level, conversation: oneAnswer(modality, most) }
  const request = ask(task)
  const expert = expertOf(env)(config)
  const actions = foresee(env, expert, request.state, 0, request.limit, seeded(`${seed}/answer`))
  const ahead = env.clone(request.state)
  for (const action of actions) env.step(ahead, [action])
  const thought = env.think?.(request.state, 0, actions) ?? ''
  const answer = writeAnswer(thought, names(env, config, actions))
  return { task, request, messages: dialogue(request), actions, answer, success: env.outcome(ahead).success }
}

/** The expert turn by turn, each after a new look; every turn is in the chat. */
export async function answerInTurns(
  level: Level,
  modality: Conversation['modality'],
  actionsPerTurn: number,
  maxTurns: number,
): Promise<Chat> {
  const { env, config } = level
  const conversation = Conversation.parse({ mode: 'online', modality, actionsPerTurn, maxTurns })
  const expert = scripted(env, 'expert')
  const writing: Policy = {
    id: 'expert',
    async act(requests) {
      const responses = await expert.act(requests)
      return responses.map((response) => ({
        ...response,
        text: writeAnswer(response.thought ?? '', names(env, config, response.actions)),
      }))
    },
  }
  const [{ turns, outcome }] = await play([{ ...level, episode: 'chat', policies: [writing], conversation }])
  const last = turns[0].at(-1)
  if (!last) throw new UserError(`seed ${level.seed}: there is nothing to decide`)
  const { request, response } = last
  // All turns and all that was seen in them.
  const whole = { ...conversation, memoryActions: maxTurns, memoryObservations: maxTurns }
  return {
    task: { ...level, conversation },
    request,
    messages: dialogue({ ...request, conversation: whole }),
    actions: response.actions,
    answer: response.text ?? '',
    success: outcome.success,
  }
}

/** The frames of a chat, in order. */
export function framesOf(messages: readonly Message[]): Frame[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'frame' ? [part.frame] : [])),
  )
}

function expertOf(env: Env): NonNullable<Env['policies']>[string] {
  const expert = env.policies?.expert
  if (!expert) throw new UserError(`${env.id} has no expert to answer`)
  return expert
}

function names(env: Env, config: object, actions: readonly number[]): string[] {
  const all = env.actions(config)
  return actions.map((action) => all[action])
}
