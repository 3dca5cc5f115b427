import type { Prompt } from '#core/env'

export { IDLE } from './actions.ts'
export { ACTION_SETS } from './config.ts'

/** What a language agent is told. */
export const PROMPT: Prompt = {
  rules:
    'You control one player of a football team that attacks the goal on the right. Score by moving towards it and shooting. ' +
    'A direction, sprint and dribble stay on until changed or released; passes and shots happen once and go the way you are heading.',
  text: 'One thing per line: who has the ball and where it is, what you are doing, where the goal is. Each place is a direction from you and a distance in metres.',
  frame:
    'The pitch from above. Your team is yellow, the player you control has a blue name over his head, opponents are red, the ball is white.',
}
