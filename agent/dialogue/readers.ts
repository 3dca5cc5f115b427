import type { Reader } from '#core/check/support'
import type { Env } from '#core/env/env'
import { registryWords, Vocabulary } from '../model/vocabulary.ts'
import { parseAnswer, writeAnswer } from './answer.ts'

/** How an action comes back from a language agent: in words, and in a small model's tokens. */
export const READERS: readonly Reader[] = [
  {
    name: 'an answer',
    read: (env, config, action) => {
      const names = env.actions(config)
      return answered(writeAnswer('', [names[action]]), names)
    },
  },
  {
    name: "the small model's vocabulary",
    read(env, config, action) {
      if (!env.words) return null
      const names = env.actions(config)
      const vocabulary = vocabularyOf(env)
      return answered(vocabulary.write(vocabulary.encode(writeAnswer('', [names[action]]))), names)
    },
  },
]

const vocabularyOf = (env: Env): Vocabulary => new Vocabulary(registryWords([env]))

function answered(text: string, names: readonly string[]): number | string {
  const answer = parseAnswer(text, names, names.length)
  if (!answer.valid) return answer.reason
  const { answered: actions } = answer
  return actions.length === 1 ? actions[0] : actions.map((action) => names[action]).join(' and ')
}
