import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { READERS } from '#agent/dialogue/readers'
import { withoutBanned } from '#core/check/banned'
import { conformance } from '#core/check/conformance'
import type { Env } from '#core/env/env'
import { envs } from '#envs'
import { toy } from '../toy.ts'
import { golden } from './golden.ts'
import { courses, goldenRow } from './subjects.ts'

const all: readonly Env[] = [toy, ...envs]

describe.each(all.map((env) => [env.id, env] as const))('%s', (_, env) => {
  for (const { name, status, detail } of conformance(env, { readers: READERS })) {
    test(name, () => expect({ status, detail }).toEqual({ status: 'holds', detail: '' }))
  }
})

test('the trap for banned functions works', () => {
  expect(() => withoutBanned(() => Math.random())).toThrow('random was reached')
  expect(() => withoutBanned(() => new Date())).toThrow('Date was reached')
  expect(() => withoutBanned(() => (1.5).toLocaleString())).toThrow('toLocaleString was reached')
  expect(withoutBanned(() => Math.sqrt(4))).toBe(2)
  expect(Math.random()).toBeLessThan(1)
})

test('another process sees the same states, texts and pixels', () => {
  const script = 'test/conformance/print-courses.ts'
  const child = spawnSync(process.execPath, ['--import', 'tsx', '--conditions=source', script], {
    encoding: 'utf8',
  })
  expect(child.stderr).toBe('')
  expect(JSON.parse(child.stdout)).toEqual(courses(all))
})

describe('golden table', () => {
  test.each(golden.map((row) => [`${row.env} ${JSON.stringify(row.example)} ${row.seed}`, row] as const))(
    '%s',
    (_, row) => {
      const env = all.find(({ id }) => id === row.env)
      if (!env) throw new Error(`${row.env} is not registered any more`)
      expect(goldenRow(env, row.example, row.seed)).toEqual(row)
    },
  )
})
