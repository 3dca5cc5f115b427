/**
 * The trainers of integrations/, each its own code at its pinned version, for a few real steps on this CPU: TRL on text and on
 * frames, a pool of Ray actors, RLlib, OpenRLHF's reward and agent code and flags, onnxruntime.
 *
 *   npm run shows -- integrations                          with python3 and PyPI at hand; several GB of packages
 *   npm run shows -- integrations --python <interpreter>   that has the packages of integrations/<name>/requirements.txt
 *   npm run shows -- integrations --only trl,ray           some of them
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Python, pythonWith } from './python.ts'
import { type Server, serve } from './serving.ts'
import { claim, kickpush, ROOT, show } from './show.ts'

const at = process.argv.indexOf('--only')
const only = at < 0 ? undefined : process.argv[at + 1].split(',')
const wanted = (name: string): boolean => only === undefined || only.includes(name)

/** What a script said in its last line, as JSON. */
function last(python: Python, words: readonly string[], env?: Record<string, string>): Record<string, never> {
  const { code, out, err } = python(words, env)
  const line = out.trim().split('\n').at(-1) ?? ''
  claim(`${words[0]} runs`, code === 0, code === 0 ? line : err.trim().split('\n').slice(-3).join(' '))
  return code === 0 ? JSON.parse(line) : {}
}

const tiny = (...more: string[]): Promise<Server> =>
  serve(['env-server', '--env', 'sokoban', '--config', 'preset=tiny-1', '--max-turns', '6', ...more])

await show(async (folder) => {
  const all = mkdtempSync(join(tmpdir(), 'kickpush-integrations-'))
  const requirements = join(all, 'requirements.txt')
  const names = ['trl', 'ray', 'rllib', 'openrlhf', 'onnx'].filter(wanted)
  const files = names.map((name) => readFileSync(join(ROOT, `integrations/${name}/requirements.txt`), 'utf8'))
  writeFileSync(requirements, [...new Set(files.join('\n').split('\n'))].join('\n'))
  const { python } = pythonWith(requirements, folder)

  if (wanted('trl')) {
    for (const modality of ['text', 'frame']) {
      const server = await tiny('--modality', modality)
      const words = ['integrations/trl/train.py', '--url', server.url, '--steps', '2']
      const told = last(python, words, { TRL_EXPERIMENTAL_SILENCE: '1' })
      const calls = (told.calls ?? []) as number[]
      claim(
        `TRL: GRPO on ${modality}: the model plays through its tool, rewards differ, weights move`,
        Number(told.moved) > 0 &&
          calls.some((n) => n > 0) &&
          ((told.reward_std ?? []) as number[]).some((n) => n > 0),
      )
      await server.stop()
    }
  }
  if (wanted('ray')) {
    const server = await tiny('--workers', '2', '--threads', '1')
    const told = last(python, ['integrations/ray/rollouts.py', '--urls', server.url, '--episodes', '24'])
    claim(
      'Ray: every seed once, and the same seed plays the same',
      Number(told.seeds) === 24 && told['the same seed plays the same'] === true,
    )
    await server.stop()
  }
  if (wanted('rllib')) {
    const told = last(python, ['integrations/rllib/train.py', '--steps', '200'], {
      PYTHONPATH: join(ROOT, 'python'),
    })
    const rows = (told.iterations ?? []) as { steps: number }[]
    claim(
      'RLlib: two iterations of PPO on two seats of Football',
      rows.length === 2 && rows[1].steps > rows[0].steps,
    )
  }
  if (wanted('openrlhf')) {
    const rewards = await serve(['reward-server', '--env', 'sokoban'])
    const server = await tiny('--reward', 'format-accuracy')
    const data = join(folder, 'data')
    kickpush(
      'dataset',
      'export',
      '--env',
      'sokoban',
      '--config',
      'preset=tiny-1',
      '--episodes',
      '1',
      '--format',
      'trl',
      '--modality',
      'text',
      '--out',
      data,
    )
    const [row] = readFileSync(join(data, 'train.jsonl'), 'utf8').split('\n')
    const urls = ['--rewards', `${rewards.url}/get_reward`, '--environment', server.url]
    const told = last(python, ['integrations/openrlhf/check.py', ...urls, '--row', row])
    const scored = (told.rewarded ?? []) as { scores: number[] }[]
    claim(
      "OpenRLHF's executor is paid for the expert's answer, and not for none",
      scored[0]?.scores[0] === 1 && scored[1]?.scores[0] === 0,
    )
    const flags = Object.entries((told['flags, unknown'] ?? {}) as Record<string, [number, string[]]>)
    claim(
      'its parser knows every flag of both LMM-R1 stages',
      flags.length === 2 && flags.every(([, [count, unknown]]) => count > 20 && unknown.length === 0),
    )
    await rewards.stop()
    await server.stop()
  }
  if (wanted('onnx')) {
    const out = join(folder, 'model.onnx')
    kickpush('export', 'mini:sokoban-small', '--out', out, '--examples', '4')
    const told = last(python, ['integrations/onnx/check.py', out])
    const apart = (told['most apart'] ?? {}) as Record<string, number>
    claim(
      'onnxruntime agrees with our logits to 1e-5 of their size',
      apart.logits < 1e-5 && apart.values < 1e-5,
      JSON.stringify(apart),
    )
  }
})
