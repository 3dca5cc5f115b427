/**
 * Both games keep the contract: `kickpush check`, and the suite that also plays in another process, compares with the
 * golden table and replaces banned functions by ones that throw.
 */
import { envs } from '#envs'
import { claim, kickpush, run, show } from './show.ts'

await show(() => {
  for (const { id } of envs) {
    const { code, out } = kickpush('check', id, '--json')
    const checks = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; status: string })
    const failed = checks.filter(({ status }) => status !== 'holds').map(({ name }) => name)
    claim(
      `${id} keeps the contract`,
      code === 0 && failed.length === 0,
      failed.join('; ') || `${checks.length} checks`,
    )
  }
  const suite = run('npx', ['vitest', 'run', '--reporter=json', 'test/conformance'])
  const { numPassedTests, numTotalTests } = JSON.parse(suite.out.slice(suite.out.indexOf('{'))) as {
    numPassedTests: number
    numTotalTests: number
  }
  claim('the whole suite passes', suite.code === 0, `${numPassedTests} of ${numTotalTests}`)
})
