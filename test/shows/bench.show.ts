/** `kickpush bench`: environment steps, frames, rollout and update tokens, stream messages, per CPU-second. */
import { claim, kickpush, show } from './show.ts'

const ROWS = [
  'sokoban.step',
  'sokoban.batch',
  'sokoban.frame16',
  'football.11v11.step',
  'football.academy.step',
  'football.frame',
  'train.rollout.tokens',
  'train.update.tokens',
  'server.messages',
]

interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly runs: readonly number[]
}

await show(() => {
  const { code, out, err } = kickpush('bench', '--json')
  claim('the benchmarks run', code === 0, err.trim())
  const rows = JSON.parse(out) as Row[]
  for (const name of ROWS) {
    const row = rows.find((one) => one.name === name)
    const measured = row !== undefined && row.value > 0 && row.runs.length > 1
    claim(name, measured, row && `${Math.round(row.value)} ${row.unit} per CPU-second`)
  }
})
