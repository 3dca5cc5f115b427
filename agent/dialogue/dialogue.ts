import { append } from '#core/base/lists'
import type { Frame } from '#core/draw/scene'
import { legalActions } from '#core/env/actions'
import type { Env } from '#core/env/env'
import type { Conversation, Observation, Request } from '#core/play/policy'

/** A piece of a message: words, or a picture. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'frame'; readonly frame: Frame }

/** One message of a chat. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: readonly Part[]
}

/** The system prompt where a conversation has none of its own; each part is filled in. */
const PROMPT = [
  '{rules}',
  '{reading}',
  'Actions: {actions}.',
  '{count}',
  'First think about the situation, then answer, exactly in this format:',
  '{format}',
]
const ANSWER_ALONE = 'Answer exactly in this format, without any thought before it:'

/** The system prompt of an environment: rules, how to read what is shown, the actions, the answer format. */
export function systemPrompt(env: Env, config: object, conversation: Conversation): string {
  const thinks = conversation.thought !== false
  const prompt = env.prompt(config)
  const reading = {
    text: prompt.text,
    frame: prompt.frame,
    both: `${prompt.text}\n${prompt.frame}`,
  }[conversation.modality]
  const names = env.actions(config)
  const answer = `<answer>${example(names, conversation)}</answer>`
  const parts: Readonly<Record<string, string>> = {
    rules: prompt.rules,
    reading,
    actions: names.join(', '),
    count: howMany(conversation),
    format: thinks ? `<think>your reasoning</think>${answer}` : answer,
  }
  const template = conversation.prompt ?? (thinks ? PROMPT : PROMPT.with(4, ANSWER_ALONE)).join('\n\n')
  return template.replace(/\{(rules|reading|actions|count|format)\}/g, (_, part) => parts[part])
}

/**
 * The chat that asks for the decision of `request`: system prompt, the last `memoryActions` turns (their
 * observations only among the newest `memoryObservations`, counting the present one), and the present observation.
 */
export function dialogue(request: Request): Message[] {
  const { env, state, conversation, history, observation } = request
  const messages: Message[] = [
    { role: 'system', content: [words(systemPrompt(env, state.config, conversation))] },
  ]
  const first = Math.max(0, history.length - conversation.memoryActions)
  const firstShown = history.length + 1 - conversation.memoryObservations
  for (let i = first; i < history.length; i++) {
    const content = said(i > 0 ? history[i - 1].feedback : '')
    if (i >= firstShown) append(content, shown(history[i].observation))
    else content.push(words(`Turn ${i + 1}: (this observation is no longer shown)`))
    messages.push({ role: 'user', content })
    messages.push({ role: 'assistant', content: [words(history[i].response || '(no answer)')] })
  }
  const present = said(history.length > 0 ? history[history.length - 1].feedback : '')
  present.push(words(`Turn ${history.length + 1}, at most ${plural(request.limit, 'action')} now:`))
  append(present, shown(observation))
  if (conversation.listLegal) present.push(words(`Legal now: ${legalNames(request).join(', ')}.`))
  messages.push({ role: 'user', content: present })
  return messages
}

function legalNames({ env, state, seat }: Request): string[] {
  const names = env.actions(state.config)
  return legalActions(env, state, seat).map((action) => names[action])
}

function howMany(conversation: Conversation): string {
  if (conversation.mode === 'global') {
    const most = plural(conversation.maxTurns, 'action')
    return `You see the game once. Answer with the whole sequence of actions, separated by commas; at most ${most} of it are played.`
  }
  const most = conversation.actionsPerTurn
  const list = most > 1 ? `Answer with 1 to ${most} actions, separated by commas` : 'Answer with one action'
  return `${list}; they are played, then you see the game again. There are at most ${plural(conversation.maxTurns, 'turn')}.`
}

function example(names: readonly string[], conversation: Conversation): string {
  const count = conversation.mode === 'global' ? 3 : Math.min(conversation.actionsPerTurn, 3)
  const picked = Array.from({ length: count }, (_, i) => names[i % names.length])
  return picked.join(', ') + (conversation.mode === 'global' ? ', ...' : '')
}

function shown(observation: Observation): Part[] {
  const parts: Part[] = []
  if (observation.frame) parts.push({ type: 'frame', frame: observation.frame })
  if (observation.text !== undefined) parts.push(words(observation.text))
  return parts
}

const said = (feedback: string): Part[] => (feedback ? [words(feedback)] : [])
const words = (text: string): Part => ({ type: 'text', text })
const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`
