import type { Server } from 'socket.io'
import { expect, it } from 'vitest'
import { Afar } from '#server/afar'

/** Servers whose sockets come into a room when they are let in, and are told of by all. */
function servers() {
  const inside = new Map<string, Set<string>>()
  const state = { inside, answers: true }
  const io = {
    in: (name: string) => ({
      socketsJoin: (room: string) => void inside.set(room, (inside.get(room) ?? new Set()).add(name)),
      fetchSockets: async () => {
        if (!state.answers) throw new Error('timeout reached')
        return [...(inside.get(name) ?? [])]
      },
    }),
  }
  return { state, io: io as unknown as Server }
}

it('rooms that nobody elsewhere is in any more are let go of, after a second look', async () => {
  const { state, io } = servers()
  const afar = new Afar(io)
  afar.letIn('a', 'run 1')
  afar.letIn('b', 'run 2')
  await afar.letGo()
  await afar.letGo()
  expect([afar.has('run 1'), afar.has('run 2')]).toEqual([true, true])
  state.inside.get('run 1')?.delete('a')
  await afar.letGo()
  expect(afar.has('run 1')).toBe(true)
  await afar.letGo()
  expect([afar.has('run 1'), afar.has('run 2')]).toEqual([false, true])
})

it('who came between two looks keeps the room, and so does a server that does not answer', async () => {
  const { state, io } = servers()
  const afar = new Afar(io)
  afar.letIn('a', 'episode e')
  state.inside.clear()
  await afar.letGo()
  afar.letIn('b', 'episode e')
  await afar.letGo()
  expect(afar.has('episode e')).toBe(true)
  state.inside.clear()
  state.answers = false
  await afar.letGo()
  await afar.letGo()
  expect(afar.has('episode e')).toBe(true)
  afar.over('episode e')
  expect(afar.has('episode e')).toBe(false)
})
