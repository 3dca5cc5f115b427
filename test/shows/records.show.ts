/** A record with one altered byte in an action, a reward or a hash is refused at the right step. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { envs } from '#envs'
import { claim, kickpush, show } from './show.ts'

interface Step {
  actions: number[]
  rewards: number[]
  hash: string
}

const CHANGES: Readonly<Record<string, (step: Step) => void>> = {
  action: (step) => {
    step.actions[0] = step.actions[0] === 1 ? 2 : 1
  },
  reward: (step) => {
    step.rewards[0] += 1
  },
  hash: (step) => {
    step.hash = (step.hash[0] === '0' ? '1' : '0') + step.hash.slice(1)
  },
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
    const target = steps[Math.floor(steps.length / 2)]
    const t = JSON.parse(lines[target]).t as number
    for (const [what, change] of Object.entries(CHANGES)) {
      const altered = [...lines]
      const event = JSON.parse(lines[target])
      change(event)
      altered[target] = JSON.stringify(event)
      const wrong = join(folder, 'wrong.jsonl')
      writeFileSync(wrong, `${altered.join('\n')}\n`)
      const { code, out } = kickpush('replay', wrong, '--verify')
      claim(
        `${env.id}: another ${what} is refused at step ${t}`,
        code === 1 && out.includes(`differs at step ${t} `),
        out.trim(),
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
