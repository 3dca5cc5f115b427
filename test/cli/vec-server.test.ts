import { expect, test } from 'vitest'
import { run } from './run.ts'

test.each([
  ['--port 0 --env sokoban --config nope=1', 'nope'],
  ['--port 0 --env sokoban --config preset=tiny-9', "did you mean 'tiny-1'"],
  ['--port 0 --env sokoban --lanes 65537', '--lanes must be at most 65536'],
  ['--port 0 --threads 65', '--threads must be at most 64'],
  ['--port 0 --socket x', 'either --socket or --port'],
  [`--socket ${'x'.repeat(5000)}`, "a socket's path has 1 to 103 bytes (got 5000)"],
])('what no client could open is refused before anybody is served: %#', async (words, told) => {
  const { code, out, err } = await run('vec-server', ...words.split(' '))
  expect([code, out, err.length]).toEqual([2, [], 1])
  expect(err[0]).toContain(told)
})
