import { expect, test } from 'vitest'
import { LONGEST_REMARK } from '#core/record/commentary'
import type { RecordEvent } from '#core/record/record'
import { envs } from '#envs'
import { BUILT_IN } from '#registry/games'
import { commentator, commentatorOf } from '../../src/cli/commentator.ts'
import { record, sokoban } from '../browser/world.ts'
import { run } from './run.ts'

const LABELS = { run: 'a', stage: 'fre', update: 0 }
const solved = await record(sokoban('3', 1), 'e', LABELS)
const heard = (seq: number, events: readonly RecordEvent[], from: number) => ({
  episode: 'a/e',
  take: '1',
  seq,
  events,
  from,
})

/** A commentator, and what it asked. */
function speaker(...answers: string[]) {
  const asked: { system: string; user: string }[] = []
  const speak = commentator(envs, async (system, user) => {
    asked.push({ system, user })
    return answers[Math.min(asked.length, answers.length) - 1]
  })
  return { speak, asked }
}

test('it speaks of what happens, not of what was before', async () => {
  const { speak, asked } = speaker('All boxes are home.')
  const last = solved.length - 2
  expect(await speak(heard(0, solved.slice(0, last), last))).toBeNull()
  expect(asked).toEqual([])
  const said = await speak(heard(last, solved.slice(last), last))
  const steps = solved.filter(({ type }) => type === 'step').length
  expect(said).toEqual({ t: steps, text: 'All boxes are home.' })
  expect(asked).toHaveLength(1)
  expect(asked[0].user).toContain(`step ${steps}: solved; after step ${steps} it is over: solved.`)
  expect(asked[0].user).toContain('narrator-100')
  expect(asked[0].system).toContain('You do not play.')
})

test('one who has forgotten the beginning asks for it', async () => {
  const { speak } = speaker('Well played.')
  expect(await speak(heard(3, solved.slice(3), 3))).toBe('again')
  expect(await speak(heard(0, solved, 3))).toMatchObject({ text: 'Well played.' })
})

test('of an episode that cannot be played again nothing is said', async () => {
  const { speak, asked } = speaker('Surely.')
  const [start, ...rest] = solved
  expect(await speak(heard(0, [{ ...start, version: 99 } as RecordEvent, ...rest], 0))).toBeNull()
  expect(asked).toEqual([])
})

test('what a model writes becomes one short line of what can be seen', async () => {
  const { speak } = speaker(`<think>Hm.</think> One\n\n\u202etwo\u001b[31m ${'very '.repeat(100)}long`)
  const said = await speak(heard(0, solved, 0))
  if (said === null || said === 'again') throw new Error('nothing was said')
  expect(said.text.startsWith('One two [31m very very')).toBe(true)
  expect(said.text.length).toBeLessThanOrEqual(LONGEST_REMARK)
  expect(said.text.endsWith('very…')).toBe(true)
  const silent = speaker('<think>nothing</think>\n')
  expect(await silent.speak(heard(0, solved, 0))).toBeNull()
})

test('who speaks is a chat agent, whose address is told to nobody', async () => {
  expect(commentatorOf(BUILT_IN, 'chat:tiny@http://user:secret@inside:8000').by).toBe('tiny')
  expect(await run('serve', '--commentary', 'expert')).toMatchObject({
    code: 2,
    err: ["kickpush serve: --commentary 'expert' is no chat agent (allowed: chat:<model>@<base-url>)"],
  })
  const { code, err } = await run('serve', '--commentary', 'chat:tiny')
  expect(code).toBe(2)
  expect(err).toHaveLength(1)
})
