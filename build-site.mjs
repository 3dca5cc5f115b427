// Builds the static site into dist/site: the viewer and the Lab without a server, with a few shipped replays. Any host of
// files will do; with `npx kickpush` built or not, as commands of a clone are.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const OUT = resolve(process.argv[2] ?? 'dist/site')
/** What plays at once on the wall of a page that nobody has trained in yet: [run, arguments of eval]. */
const SHIPPED = [
  [
    'two-boxes',
    '--agent',
    'mini:sokoban-small',
    '--env',
    'sokoban',
    '--config',
    'preset=tiny-2',
    '--episodes',
    '6',
  ],
  [
    'three-against-one',
    '--agent',
    'mini:football-academy',
    '--env',
    'football',
    '--config',
    'preset=academy_3_vs_1_with_keeper',
    '--episodes',
    '3',
  ],
  ['small-rooms', '--agent', 'expert', '--env', 'sokoban', '--config', 'preset=small-v0', '--episodes', '4'],
]

function run(command, words, env = {}) {
  const { status } = spawnSync(command, words, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) {
    console.error(`build: ${words[0]} failed`)
    process.exit(status ?? 1)
  }
}

const vite = [
  'node_modules/vite/bin/vite.js',
  'build',
  'client',
  '--logLevel',
  'warn',
  '--outDir',
  OUT,
  '--emptyOutDir',
]
run(process.execPath, vite, { KICKPUSH_SITE: '1' })
renameSync(join(OUT, 'tab.html'), join(OUT, 'index.html'))

const runs = join(tmpdir(), `kickpush-shipped-${process.pid}`)
for (const [name, ...words] of SHIPPED)
  run(process.execPath, ['bin/kickpush.js', 'eval', ...words, '--out', join(runs, name), '--seed', 'shipped'])
const files = readdirSync(runs, { recursive: true })
  .map((file) => file.split('\\').join('/'))
  .filter((file) => statSync(join(runs, file)).isFile() && /run\.json$|\.jsonl$/.test(file))
  .sort()
for (const file of files) {
  mkdirSync(join(OUT, 'shipped', file, '..'), { recursive: true })
  cpSync(join(runs, file), join(OUT, 'shipped', file))
}
writeFileSync(join(OUT, 'shipped/files.json'), `${JSON.stringify(files)}\n`)
rmSync(runs, { recursive: true, force: true })

// The service worker keeps them, too.
const worker = join(OUT, 'offline.js')
const kept = JSON.stringify(
  ['shipped/files.json', ...files.map((file) => `shipped/${file}`)].map((file) => `./${file}`),
)
writeFileSync(
  worker,
  readFileSync(worker, 'utf8').replace(
    /^const FILES = \[(.*)\]$/m,
    (_, own) => `const FILES = [${own},${kept.slice(1)}`,
  ),
)
