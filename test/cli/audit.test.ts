import { expect, it } from 'vitest'
import { run } from './run.ts'

const line = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '6', '--max-turns', '6']

it('flags the length bonuses of the paper, and prints every exploiter under every rule', async () => {
  const { code, out } = await run('audit', ...line, '--json')
  const findings = out.map((text) => JSON.parse(text))
  expect(code).toBe(0)
  expect(new Set(findings.map(({ mode }) => mode))).toEqual(new Set(['online', 'global']))
  expect(findings.length % (2 * 8)).toBe(0)
  const { verdict } = findings.find(
    ({ mode, rule, player }) => mode === 'online' && rule === 'lmm-r1-verifier' && player === 'format only',
  )
  expect(verdict).toBeDefined()
  const padded = findings.filter(
    ({ rule, player }) => rule === 'format-accuracy' && player === 'thought padding',
  )
  expect(padded.map((finding) => finding.verdict)).toEqual([undefined, undefined])
})

it('prints a table with one mode', async () => {
  const { out } = await run('audit', ...line, '--mode', 'global')
  expect(out[0]).toBe('sokoban tiny-1, global, 6 levels')
  expect(out.join('\n')).toMatch(/longest and padded .*PAYS more than/)
})

it.each([
  [['audit', '--env', 'sokobn'], /did you mean 'sokoban'/],
  [['audit', '--config', 'preset=tiny-1'], /give --env/],
  [['audit', '--env', 'sokoban', '--config', 'preset=tny-1'], /did you mean 'tiny-1'/],
  [['audit', '--mode', 'once'], /--mode: no "once" \(allowed: online, global\)/],
])('%j is refused in one line', async (words, message) => {
  const { code, out, err } = await run(...words)
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})
