/**
 * Runs the acceptance scripts beside this file, each in its own process, and sums up:
 *
 *   npm run shows                              all of them
 *   npm run shows -- records trainings         those whose name begins so
 *   npm run shows -- --data <folder>           with outside data (levels, transcripts, measurements)
 *   npm run shows -- learning --run <folder>   flags are passed on
 *
 * A script prints its figures and exits 0 (holds), 1 (does not) or 77 (skipped: what it needs is not here).
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SKIPPED = 77
const given = process.argv.slice(2)
const firstFlag = given.findIndex((word) => word.startsWith('--'))
const words = firstFlag < 0 ? given : given.slice(0, firstFlag)
const flags = given.slice(words.length)

const here = new URL('.', import.meta.url)
const names = readdirSync(here)
  .filter((file) => file.endsWith('.show.ts'))
  .map((file) => file.slice(0, -'.show.ts'.length))
  .filter((name) => words.length === 0 || words.some((word) => name.startsWith(word)))
  .sort()

const results = names.map((name) => {
  console.log(`\n== ${name}`)
  const script = fileURLToPath(new URL(`${name}.show.ts`, here))
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=source', script, ...flags],
    { stdio: 'inherit' },
  )
  return { name, status }
})

console.log('')
for (const { name, status } of results) {
  console.log(`${status === 0 ? 'holds  ' : status === SKIPPED ? 'skipped' : 'FAILS  '} ${name}`)
}
process.exit(results.length > 0 && results.every(({ status }) => status === 0 || status === SKIPPED) ? 0 : 1)
