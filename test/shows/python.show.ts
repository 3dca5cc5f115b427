/**
 * Python clients, unmodified, at pinned versions: Gymnasium's and PettingZoo's own checks, PPO in one file and
 * Stable-Baselines3 that learn, and EnvPool in the same run as the measure of speed.
 *
 *   npm run shows -- python                     with python3 and PyPI at hand; about 20 minutes, 3 GB of packages
 *   npm run shows -- python --steps 200000      shorter training: then the claims of learning may not hold
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { claim, type Ran, ROOT, SKIPPED, show } from './show.ts'

const flag = process.argv.indexOf('--steps')
const STEPS = flag < 0 ? '800000' : process.argv[flag + 1]

await show((folder) => {
  const venv = join(folder, 'venv')
  if (spawnSync('python3', ['-m', 'venv', venv]).status !== 0) {
    console.log('skipped: there is no python3 with venv')
    process.exit(SKIPPED)
  }
  const python = (...words: string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(join(venv, 'bin/python'), words, {
      cwd: join(ROOT, 'python'),
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    })
    return { code: status, out: stdout, err: stderr }
  }
  const pip = python('-m', 'pip', 'install', '-q', '-r', 'requirements-show.txt', '-e', '.')
  claim('the package and its clients install', pip.code === 0, pip.err.trim().split('\n').at(-1))
  console.log(
    python('-m', 'pip', 'freeze')
      .out.split('\n')
      .filter((line) => /^(gymnasium|petting|numpy|torch|stable|envpool)/.test(line))
      .join('  '),
  )

  const checks = python('-m', 'pytest', '-q', 'tests')
  claim(
    "gymnasium's and pettingzoo's own checks pass",
    checks.code === 0,
    checks.out.trim().split('\n').at(-1),
  )

  for (const [name, words] of [
    ['PPO in one file', ['examples/ppo.py', '--steps', STEPS]],
    ['Stable-Baselines3', ['examples/sb3.py', '--steps', STEPS]],
  ] as const) {
    const { code, out, err } = python(...words)
    const share = (when: string): number => Number(new RegExp(`^${when}: ([\\d.]+) %`, 'm').exec(out)?.[1])
    const [before, after] = [share('before'), share('after')]
    claim(
      `${name} learns tiny-1: ${before} to ${after} % of test levels, at least 30`,
      code === 0 && after >= 30,
      code === 0 ? '' : err,
    )
  }

  const { out } = python('bench/compare.py')
  console.log(out)
  const rows = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, number>
  const rate = (start: string): number => Object.entries(rows).find(([name]) => name.startsWith(start))![1]
  const times = (ours: string, theirs: string): number => Math.round((10 * rate(ours)) / rate(theirs)) / 10
  const sokoban = times('kickpush sokoban 10x10, 4 boxes, planes, 1024', 'envpool sokoban 10x10, 1024')
  claim("Sokoban planes: at least 10 times EnvPool's, per CPU-second", sokoban >= 10, sokoban)
  const football = times('kickpush football 11 v 11', 'envpool football 11 v 11')
  claim("Football 11 v 11: at least 100 times EnvPool's", football >= 100, football)
  claim('Sokoban planes: at least 1 M steps a CPU-second', rate('kickpush sokoban 7x7, planes') >= 1e6)
  claim('16-pixel frames: at least 15 k a CPU-second', rate('kickpush sokoban 7x7, 16-pixel') >= 15_000)
})
