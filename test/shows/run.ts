/**
 * Runs the acceptance scripts beside this file, each in its own process, and sums up:
 *
 *   npm run shows                          all of them
 *   npm run shows -- records resume        those whose name begins so
 *   npm run shows -- --data <folder>       with outside data (levels, transcripts, measurements)
 *
 * A script prints its figures and exits 0 (holds), 1 (does not) or 77 (skipped: what it needs is not here).
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'

const SKIPPED = 77
const words = process.argv.slice(2)
const dataAt = words.indexOf('--data')
const data = dataAt < 0 ? [] : words.splice(dataAt, 2)

const here = new URL('.', import.meta.url)
const names = readdirSync(here)
  .filter((file) => file.endsWith('.show.ts'))
  .map((file) => file.slice(0, -'.show.ts'.length))
  .filter((name) => words.length === 0 || words.some((word) => name.startsWith(word)))
  .sort()

const results = names.map((name) => {
  console.log(`\n== ${name}`)
  const script = new URL(`${name}.show.ts`, here).pathname
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script, ...data],
    { stdio: 'inherit' },
  )
  return { name, status }
})

console.log('')
for (const { name, status } of results) {
  console.log(`${status === 0 ? 'holds  ' : status === SKIPPED ? 'skipped' : 'FAILS  '} ${name}`)
}
process.exit(results.length > 0 && results.every(({ status }) => status === 0 || status === SKIPPED) ? 0 : 1)
