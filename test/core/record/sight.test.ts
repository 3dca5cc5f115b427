import { describe, expect, test } from 'vitest'
import { resolveConfig } from '#core/env/config'
import type { Env } from '#core/env/env'
import { play } from '#core/play/play'
import { Conversation, type Policy } from '#core/play/policy'
import type { RecordEvent } from '#core/record/record'
import { Replay } from '#core/record/replay'
import { shownAs } from '#core/record/shown'
import { isSight, readSight, writeSight } from '#core/record/sight'
import { four } from '../../games/four.ts'
import { mines } from '../../games/mines.ts'
import { snakes } from '../../games/snakes.ts'

/** Plays given actions, one a turn, and says so. */
const given = (actions: readonly number[]): Policy => ({
  id: 'given',
  act: async (requests) =>
    requests.map(({ turn }) => ({ valid: true, actions: [actions[turn]], text: `turn ${turn}` })),
})

async function replayed(
  env: unknown,
  config: object,
  seed: string,
  ...seats: readonly number[][]
): Promise<Replay> {
  const game = env as Env
  const events: RecordEvent[] = []
  const conversation = Conversation.parse({ maxTurns: Math.max(...seats.map(({ length }) => length)) })
  const match = {
    episode: `${seed} 1`,
    env: game,
    config: resolveConfig(game, { ...config }),
    seed,
    policies: seats.map(given),
    conversation,
  }
  await play([match], { onEvent: (event) => events.push(event) })
  const replay = new Replay([game])
  for (const event of events) replay.push(event)
  expect(replay.status).toBe('agrees')
  return replay
}

describe('an episode as a seat saw it', () => {
  test('is the same for all that look alike to the seat: nothing hidden is in it', async () => {
    const names = (mines as Env).actions({ size: 4 })
    const moves = [names.indexOf('a1'), names.indexOf('b1')]
    // Mines far from what is opened.
    const one = writeSight(await replayed(mines, { level: [15, 14] }, 'one', moves), 0)
    const other = writeSight(await replayed(mines, { level: [12, 11] }, 'other', moves), 0)
    expect(one).toBe(other)
    expect(one).not.toMatch(/seed|hash|config|level|"one/)
    const near = writeSight(await replayed(mines, { level: [2, 15] }, 'one', moves), 0)
    expect(near).not.toBe(one)
  })

  test('holds what that seat saw, said and did, and no other', async () => {
    const replay = await replayed(snakes, {}, 's', [2, 2, 4], [1, 3, 1])
    const [first, second] = [0, 1].map((seat) => readSight(writeSight(replay, seat)))
    expect(first.seen).toHaveLength(4)
    for (const [seat, sight] of [first, second].entries()) {
      for (const { t, text, scene } of sight.seen) {
        expect(text).toBe(snakes.text(replay.stateAt(t) as never, seat))
        expect(scene).toEqual(snakes.scene(replay.stateAt(t) as never, seat))
      }
      expect(sight.said.map(({ response }) => response)).toEqual(['turn 0', 'turn 1', 'turn 2'])
      expect(sight.begin).toMatchObject({ seat, agent: 'given', env: 'snakes' })
    }
    expect(first.did.map(({ action }) => action)).toEqual([2, 2, 4])
    expect(second.did.map(({ action }) => action)).toEqual([1, 3, 1])
    expect(() => writeSight(replay, 2)).toThrow('the episode has seats 0 to 1 (got 2)')
  })

  test('is shown like any episode: the same sights, rewards and end', async () => {
    // The first seat fills column 0, the second column 1: four of a colour end it.
    const replay = await replayed(four, {}, 's', [0, 0, 0, 0], [1, 1, 1])
    for (const seat of [0, 1]) {
      const sight = readSight(writeSight(replay, seat))
      expect(sight.did.map(({ action }) => action < 0)).toEqual(
        [0, 1, 2, 3, 4, 5, 6].map((t) => t % 2 !== seat),
      )
      const { env, events } = shownAs(sight, 'seen')
      const shown = new Replay([env])
      for (const event of events) shown.push(event)
      expect(shown.difference).toBeUndefined()
      expect(shown.end).toMatchObject({
        outcome: 'seat 0 wins',
        success: seat === 0,
        return: [seat === 0 ? 1 : -1],
      })
      expect(env.text(shown.stateAt(5), 0)).toBe(four.text(replay.stateAt(5) as never, seat))
      expect(shown.turns.map(({ response }) => response)).toEqual(
        replay.turns.filter((turn) => turn.seat === seat).map(({ response }) => response),
      )
    }
  })

  test.each<[string, (lines: string[]) => string[], RegExp]>([
    ['no beginning', (lines) => lines.slice(1), /line 1 does not begin/],
    [
      'another format',
      ([first, ...rest]) => [first.replace('"format":1', '"format":9'), ...rest],
      /format 9 is unknown/,
    ],
    [
      'a step that is missing',
      (lines) => lines.filter((line) => !line.includes('"did","t":2')),
      /steps are missing/,
    ],
    [
      'a line that is cut off',
      (lines) => [...lines.slice(0, -1), lines.at(-1)!.slice(0, 9)],
      /line \d+ is not JSON/,
    ],
    [
      'a scene that is none',
      (lines) => lines.map((line) => line.replace('"items":[', '"items":[7,')),
      /line \d+: .*items/,
    ],
    [
      'an action that there is not',
      (lines) => lines.map((line) => line.replace(/"action":\d+/, '"action":99')),
      /no action 99/,
    ],
  ])('with %s is refused in a line', async (_, spoil, message) => {
    const lines = writeSight(await replayed(snakes, {}, 's', [2, 2], [1, 3]), 0)
      .trim()
      .split('\n')
    expect(isSight(lines.join('\n'))).toBe(true)
    expect(() => readSight(spoil(lines).join('\n'))).toThrow(message)
  })
})
