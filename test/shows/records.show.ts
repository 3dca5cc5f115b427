/** A record with one altered byte in an action, a reward or a hash is refused at the right step, wherever that is. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { envs } from '#envs'
import { claim, kickpush, show } from './show.ts'

/** Where in a step's line the byte stands that is altered: the last digit of what the pattern finds. */
const PLACES: Readonly<Record<string, RegExp>> = {
  action: /"actions":\[\d+/,
  reward: /"rewards":\[-?[\d.]*\d/,
  hash: /"hash":"[0-9a-f]*\d/,
}

/** The line with one digit changed. */
function altered(line: string, place: RegExp): string {
  const found = place.exec(line)
  if (!found) throw new Error(`no ${place} in ${line}`)
  const at = found.index + found[0].length - 1
  return `${line.slice(0, at)}${line[at] === '1' ? '2' : '1'}${line.slice(at + 1)}`
}

await show((folder) => {
  for (const env of envs) {
    const file = join(folder, `${env.id}.jsonl`)
    kickpush(
      'play',
      '--env',
      env.id,
      '--agent',
      'random',
      '--seed',
      'show',
      '--max-turns',
      '60',
      '--record',
      file,
    )
    const whole = kickpush('replay', file, '--verify')
    claim(`${env.id}: the record verifies`, whole.code === 0, whole.out.trim())

    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const steps = lines.flatMap((line, i) => (JSON.parse(line).type === 'step' ? [i] : []))
    const targets = [steps[0], steps[Math.floor(steps.length / 2)], steps[steps.length - 1]]
    for (const [what, place] of Object.entries(PLACES)) {
      const refused = targets.map((target) => {
        const wrong = join(folder, 'wrong.jsonl')
        const text = lines.map((line, i) => (i === target ? altered(line, place) : line)).join('\n')
        writeFileSync(wrong, `${text}\n`)
        const { code, out } = kickpush('replay', wrong, '--verify')
        const where = `differs at step ${JSON.parse(lines[target]).t} (line ${target + 1})`
        return { where, ok: code === 1 && out.startsWith(where), out: out.trim() }
      })
      const missed = refused.find(({ ok }) => !ok)
      claim(
        `${env.id}: one byte of a step's ${what}, at its first, middle and last step`,
        missed === undefined,
        missed ? `${missed.where} expected, ${missed.out}` : refused[1].out,
      )
    }

    const cut = join(folder, 'cut.jsonl')
    writeFileSync(cut, lines.join('\n').slice(0, -40))
    const torn = kickpush('replay', cut, '--verify')
    claim(
      `${env.id}: a cut-off record loses its last line only`,
      torn.out.includes('cut off') && torn.out.includes('verified'),
    )

    const later = join(folder, 'later.jsonl')
    writeFileSync(later, `${lines.join('\n').replace(`"version":${env.version}`, '"version":999')}\n`)
    const other = kickpush('replay', later, '--verify')
    claim(`${env.id}: a record of another version names the one it needs`, other.code === 3, other.out.trim())
  }
})
