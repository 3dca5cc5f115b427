import { Readable } from 'node:stream'
import { afterEach, expect, it } from 'vitest'
import { run } from './run.ts'

const input = Object.getOwnPropertyDescriptor(process, 'stdin')!
afterEach(() => {
  Object.defineProperty(process, 'stdin', input)
})

/** Plays a level of two pushes to the right by writing these lines. */
async function playing(...lines: string[]) {
  Object.defineProperty(process, 'stdin', {
    value: Readable.from(lines.map((line) => `${line}\n`)),
    configurable: true,
  })
  const game = ['--env', 'sokoban', '--config', JSON.stringify({ level: '#######|#@-$-.#|#######' })]
  return run('play', ...game, '--agent', 'human', '--actions-per-turn', '9', '--max-turns', '3')
}

it.each([
  'Right Right Right',
  'rrr',
  'right, then right, then right.',
  '1. Right\t2. Right\t3. Right'.replaceAll('\t', ', '),
  '<think>push</think><answer>Right, Right, Right</answer>',
])('%s is read as people write', async (line) => {
  const { code, out } = await playing(line)
  expect(code).toBe(0)
  expect(out.at(-1)).toContain('solved after 3 steps')
})

it('what is none is asked again', async () => {
  const { out, err } = await playing('to the right I go', 'Right, Right, Right')
  expect(err.join('\n')).toContain('no action')
  expect(out.at(-1)).toContain('solved')
})
