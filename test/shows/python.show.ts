/**
 * Python clients, unmodified, at pinned versions: Gymnasium's and PettingZoo's own checks, PPO in one file and
 * Stable-Baselines3 that learn, and EnvPool and gym-sokoban in the same run as the measure of speed.
 *
 *   npm run shows -- python                          with python3 and PyPI at hand; about 20 minutes, 3 GB of packages
 *   npm run shows -- python --python <interpreter>   that has python/requirements-show.txt
 *   npm run shows -- python --only checks,speed      some of checks, learning, speed
 *   npm run shows -- python --steps 200000           shorter training: then the claims of learning may not hold
 */
import { join } from 'node:path'
import { pythonWith } from './python.ts'
import { claim, ROOT, show } from './show.ts'

const flag = (name: string): string | undefined => {
  const at = process.argv.indexOf(name)
  return at < 0 ? undefined : process.argv[at + 1]
}
const STEPS = flag('--steps') ?? '800000'
const only = flag('--only')?.split(',')
const wanted = (name: string): boolean => only === undefined || only.includes(name)

await show((folder) => {
  const given = pythonWith('python/requirements-show.txt', folder)
  if (flag('--python') === undefined) {
    const pip = given.python(['-m', 'pip', 'install', '-q', '-e', 'python'])
    claim('the package installs', pip.code === 0, pip.err.trim().split('\n').at(-1))
  }
  const python = (...words: string[]) => given.python(words, { PYTHONPATH: join(ROOT, 'python') })
  const names = ['gymnasium', 'pettingzoo', 'numpy', 'torch', 'stable-baselines3', 'envpool', 'gym-sokoban']
  const versions = `import importlib.metadata as m; print(*(n + ' ' + m.version(n) for n in ${JSON.stringify(names)}))`
  console.log(python('-c', versions).out.trim())

  if (wanted('checks')) {
    const checks = python('-m', 'pytest', '-q', 'python/tests')
    claim(
      "gymnasium's and pettingzoo's own checks pass",
      checks.code === 0,
      checks.out.trim().split('\n').at(-1),
    )
  }
  if (wanted('learning')) {
    for (const [name, words] of [
      ['PPO in one file', ['python/examples/ppo.py', '--steps', String(1.6 * Number(STEPS))]],
      ['Stable-Baselines3', ['python/examples/sb3.py', '--steps', STEPS]],
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
  }
  if (!wanted('speed')) return
  const { out } = python('python/bench/compare.py')
  console.log(out)
  const rows = JSON.parse(out.trim().split('\n').at(-1)!) as Record<string, number>
  const rate = (start: string): number => Object.entries(rows).find(([name]) => name.startsWith(start))![1]
  const times = (ours: string, theirs: string): number => Math.round((10 * rate(ours)) / rate(theirs)) / 10
  const sokoban = times('kickpush sokoban 10x10, 4 boxes, planes, 1024', 'envpool sokoban 10x10, 1024')
  claim("Sokoban planes: at least 10 times EnvPool's, per CPU-second", sokoban >= 10, sokoban)
  const football = times('kickpush football 11 v 11', 'envpool football 11 v 11')
  claim("Football 11 v 11: at least 100 times EnvPool's", football >= 100, football)
  claim('Sokoban planes: at least 1 M steps a CPU-second', rate('kickpush sokoban 7x7, planes') >= 1e6)
  const gym = times('kickpush sokoban 10x10, 4 boxes, planes, 1024', 'gym-sokoban 10x10, a pixel a cell')
  claim('and more than 10 times as fast as gym-sokoban, without what it does to make levels', gym > 10, gym)
  claim('16-pixel frames: at least 15 k a CPU-second', rate('kickpush sokoban 7x7, 16-pixel') >= 15_000)
})
