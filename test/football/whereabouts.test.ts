import { expect, test } from 'vitest'
import { football } from '../../envs/football/index.ts'
import { configOf } from './matches.ts'

const start = (preset: string) => football.reset(configOf({ preset }), '1')

test('the ball, both sides and the player of a seat have a square of the pitch each', () => {
  const state = start('11_vs_11_stochastic')
  const { ball, ...sides } = football.traces!(state, 0)
  expect(Object.entries(sides).map(([name, spots]) => [name, spots.length])).toEqual([
    ['own side', 11],
    ['other side', 11],
  ])
  // It is kicked off from the middle.
  const { width, height } = football.scene(state, 0)
  expect(ball).toEqual([{ x: width / 2 + 20, y: height / 2 + 20, size: 40 }])
  // 40 m left of the middle, on the long axis.
  const mine = state.seatPlayer[0]
  state.x[mine] = -40
  state.y[mine] = 0
  const spot = { x: width / 2 - 400 + 20, y: height / 2 + 20, size: 40 }
  expect(football.whereabouts!(state, 0)).toEqual(spot)
  expect(football.traces!(state, 0)['own side']).toContainEqual(spot)
})

test('who is sent off the scene is at its edge', () => {
  const state = start('academy_empty_goal_close')
  for (const x of [-1000, 1000]) {
    state.ball[0] = x
    const [{ x: where, size }] = football.traces!(state, 0).ball
    expect(where).toBe(x < 0 ? size / 2 : football.scene(state, 0).width - size / 2)
  }
})

test('who looks sees his own team in its colour, on the board and above it', () => {
  const state = start('academy_empty_goal_close')
  const colours = (seat: number) => football.scoreboard!(state, seat).sides.map(({ colour }) => colour)
  const home = colours(0)
  state.seatPlayer[0] = state.setup.left
  expect(colours(0)).toEqual(home.toReversed())
})
