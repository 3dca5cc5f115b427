/**
 * Other trainers, over their own protocols and without our code: a data set is exported, its answers are scored by
 * the reward server, an episode is played through the environment server and its record verified; the audit finds
 * the length bonuses of LMM-R1's verifier; a new environment passes its checks at once, in a temporary clone.
 */
import { spawn } from 'node:child_process'
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { claim, kickpush, ROOT, run, show } from './show.ts'

const BATCH = 16

interface Row {
  readonly message: string
  readonly answer: string
  readonly env_path: string
}

/** Starts a command that serves; @returns its address and how to stop it. */
async function serve(...args: string[]): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const server = spawn(process.execPath, [join(ROOT, 'bin/kickpush.js'), ...args], { cwd: ROOT })
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (text: Buffer) => {
      const address = /http:[^\s/]*\/\/[^\s/]+/.exec(String(text))
      if (address) resolve(address[0])
    })
    server.once('exit', (code) => reject(new Error(`kickpush ${args[0]} ended with ${code}`)))
  })
  const stop = () =>
    new Promise<number | null>((resolve) => {
      server.removeAllListeners('exit')
      server.once('exit', resolve)
      server.kill('SIGTERM')
    })
  return { url, stop }
}

async function post<T>(url: string, body: object): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  return (await answer.json()) as T
}

await show(async (folder) => {
  const game = ['--env', 'sokoban', '--config', 'preset=tiny-1']
  const data = join(folder, 'data')
  const exported = kickpush('dataset', 'export', ...game, '--episodes', '64', '--out', data)
  claim('a data set is exported', exported.code === 0, exported.out.trim())
  const rows = readFileSync(join(data, 'train.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

  const rewards = await serve('reward-server', '--port', '0', '--env', 'sokoban')
  const told: number[] = []
  const began = performance.now()
  for (let from = 0; from < rows.length; from += BATCH) {
    const some = rows.slice(from, from + BATCH)
    const prompts = some.map(({ message }) => message)
    const query = some.map(
      ({ message, answer }) => `${message}<think>so</think><answer>${answer}</answer><|im_end|>`,
    )
    const labels = some.map(({ env_path }) => env_path)
    const { scores } = await post<{ scores: number[] }>(`${rewards.url}/get_reward`, {
      query,
      prompts,
      labels,
    })
    told.push(...scores)
  }
  const rate = Math.round((1000 * rows.length) / (performance.now() - began))
  claim(
    'the expert succeeds on every row',
    told.every((one) => one === 1),
    `${told.length} rows, ${rate} a second`,
  )
  claim('the reward server stops when told', (await rewards.stop()) === 0)

  const outside = join(folder, 'runs', 'outside')
  const env = await serve('env-server', ...game, '--port', '0', '--record', outside)
  type Step = { observation: { seed: string; actions: string[]; outcome: string }; done: boolean }
  let step = await post<Step>(`${env.url}/reset`, { seed: 7, episode_id: 'one' })
  for (let turns = 0; !step.done && turns < 100; turns++) {
    const action = step.observation.actions[turns % step.observation.actions.length]
    step = await post<Step>(`${env.url}/step`, {
      action: { response: `<think>on</think><answer>${action}</answer>` },
    })
  }
  claim('an episode is played from outside to its end', step.done, step.observation.outcome)
  await env.stop()
  const verified = kickpush('replay', join(outside, 'episodes/0.jsonl'), '--verify', '--episode', 'one')
  claim('its record verifies', verified.code === 0, verified.out.trim())

  const audit = kickpush('audit', ...game, '--json')
  const findings = audit.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { rule: string; mode: string; verdict?: string })
  const flagged = (rule: string) =>
    findings.filter((one) => one.rule === rule && one.mode === 'online' && one.verdict).length
  claim("the audit flags the verifier's bonuses", flagged('lmm-r1-verifier') > 0, flagged('lmm-r1-verifier'))
  claim('and nothing in the default rule', flagged('format-accuracy') === 0)

  const clone = join(folder, 'kickpush')
  run('git', ['clone', '-q', ROOT, clone])
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'))
  const inClone = (...args: string[]) => run(process.execPath, args, { cwd: clone })
  inClone('build.mjs', 'kernels')
  inClone('build.mjs', 'node')
  const made = inClone('bin/kickpush.js', 'new-env', 'coin-hunt')
  claim('a new environment is written and built', made.code === 0, made.err.trim().slice(0, 300))
  const checked = inClone('bin/kickpush.js', 'check', 'coin-hunt')
  claim('and passes its checks at once', checked.code === 0, checked.out.trim().split('\n').at(-1))
})
