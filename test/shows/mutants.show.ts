/**
 * Mistakes that people make in environments are planted in three small games, one with a hidden level, one with turns,
 * one with chance and fog (test/core/check/mutants.test.ts): `check` names each of them, in one line.
 */
import { claim, run, show } from './show.ts'

interface Suite {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

await show(() => {
  const { out } = run('npx', ['vitest', 'run', '--reporter=json', 'test/core/check/mutants.test.ts'])
  const { testResults } = JSON.parse(out.slice(out.indexOf('{'))) as Suite
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  for (const { title, status } of tests) claim(title, status === 'passed', status)
  claim('there are at least 60 of them', tests.length >= 60, String(tests.length))
})
