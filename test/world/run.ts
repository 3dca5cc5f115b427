import { live } from './world.ts'

const [first = '1', count = '1'] = process.argv.slice(2)
const quiet = Number(count) > 1
const before = process.cpuUsage()
let hours = 0
let events = 0
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const verdict = await live(seed, quiet ? undefined : (line) => console.log(line))
  hours += verdict.hours
  events += verdict.events
  if (verdict.violation)
    console.log(`seed ${seed}: ${verdict.violation.promise}: ${verdict.violation.detail.slice(0, 600)}`)
  else if (!quiet) console.log(JSON.stringify(verdict))
}
const used = process.cpuUsage(before)
console.log(
  `${hours.toFixed(1)} hours, ${events} events, ${((used.user + used.system) / 1e6).toFixed(2)} CPU-s`,
)
