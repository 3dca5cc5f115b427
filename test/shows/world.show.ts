/**
 * The simulated world: `npm run shows -- world [--seeds 300] [--from 1] [--worlds 100]` lives through the worlds of
 * some seeds, then plants every fault and looks for it in at most so many worlds; `--seed 7` tells one world event by event.
 */
import { parseArgs } from 'node:util'
import { FAULTS } from '../world/faults.ts'
import { hunt } from '../world/hunt.ts'
import { live } from '../world/world.ts'
import { claim, show } from './show.ts'

/** CPU-seconds for all the hunts together, and how many must succeed. */
const BUDGET = 600
const MUST = 32
const options = {
  seed: {},
  seeds: { default: '300' },
  from: { default: '1' },
  worlds: { default: '100' },
} as const
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(options).map(([key, rest]) => [key, { type: 'string' as const, ...rest }]),
  ),
})
const given = (name: keyof typeof options): number => Number(values[name])

await show(async () => {
  if (values.seed !== undefined) {
    const { violation } = await live(given('seed'), (line) => console.log(line))
    return claim(`the world of seed ${values.seed} keeps every promise`, violation === null)
  }

  let hours = 0
  const counts: Record<string, number> = {}
  const broken: string[] = []
  const before = process.cpuUsage()
  for (let seed = given('from'); seed < given('from') + given('seeds'); seed++) {
    const { violation, hours: lived, counts: own } = await live(seed)
    hours += lived
    for (const [name, n] of Object.entries(own)) counts[name] = (counts[name] ?? 0) + n
    if (violation) broken.push(`seed ${seed}: ${violation.promise}: ${violation.detail.slice(0, 200)}`)
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  for (const line of broken) console.log(line)
  console.log(
    Object.entries(counts)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
  console.log(
    `${hours.toFixed(0)} simulated hours in ${seconds.toFixed(0)} CPU-s: ${((hours / seconds) * 3600).toFixed(0)} an hour`,
  )
  claim(`${given('seeds')} worlds keep every promise`, broken.length === 0)
  claim('a CPU-hour simulates thousands of hours', (hours / seconds) * 3600 > 1000)

  console.log('\n| planted fault | found by seed | CPU-s | promise |\n|---|---|---|---|')
  let spent = 0
  let found = 0
  for (const fault of FAULTS) {
    const { seed, violation, seconds } = await hunt(fault, given('worlds'))
    spent += seconds
    if (seed !== null) found++
    console.log(
      `| ${fault.name} | ${seed ?? 'not found'} | ${seconds.toFixed(1)} | ${violation?.promise ?? ''} |`,
    )
  }
  claim(`at least ${MUST} of ${FAULTS.length} planted faults are found`, found >= MUST, found)
  claim(`within ${BUDGET} CPU-s`, spent < BUDGET, spent.toFixed(0))
})
