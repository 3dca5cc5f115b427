/**
 * The package as npm would publish it, installed in an empty folder: its size, what publint and arethetypeswrong say of it,
 * a strict TypeScript program that uses every entrance, a bundle for browsers, training that gives the same bytes as from
 * the sources, and a backend installed beside it that joins its engine. Needs the npm registry.
 */
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { CHROMIUM, launch, openPage } from '../browser/browser.ts'
import { install, pack } from './packed.ts'
import { claim, ROOT, run, show } from './show.ts'

const MOST_MB = 150

const PROGRAM = `
import { check, games, makeEnv, play, verify, type Env } from 'kickpush'
import { layout, seeded, z, type StateOf } from 'kickpush/env'
import { readRecord, Replay } from 'kickpush/record'
import { rasterize, type Scene } from 'kickpush/scene'
import { createPolicy, parseRecipe, train } from 'kickpush/agent'
import { serve } from 'kickpush/server'
import { sokoban } from 'kickpush/games/sokoban'
import { football } from 'kickpush/games/football'

const Config = z.strictObject({ size: z.int().default(3) })
const L = layout(Config, { format: 1, seats: 1, terms: 1, fields: { at: 'u8' } })
const state: StateOf<typeof L> = L.make(Config.parse({}))
const at: number = state.at
const env: Env = sokoban
const scene: Scene = makeEnv(football, {}, at).scene()
const played = await play({ game: env, agents: 'expert', config: { preset: 'tiny-1' } })
const status: string = verify(played.record).episodes[0].status
export const all = [check, games, seeded, readRecord, Replay, rasterize(scene, 16, 16), createPolicy, parseRecipe, train, serve, status]
`

const JOIN = `
import * as tf from './node_modules/kickpush/dist/vendor/tf.js'
import { createRequire } from 'node:module'
const wasm = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm')
const { dirname, sep } = await import('node:path')
wasm.setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep)
console.log(await tf.setBackend('wasm'), tf.getBackend(), (await tf.tensor([1, 2]).add(1).data()).join())
`

function megabytes(path: string): number {
  let bytes = 0
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size
  return bytes / 1e6
}

/** The bytes of every model of a run. */
function models(run: string): string[] {
  const updates = readdirSync(join(run, 'checkpoints')).sort((a, b) => Number(a) - Number(b))
  return updates.map((update) =>
    readFileSync(join(run, 'checkpoints', update, 'model.safetensors')).toString('base64'),
  )
}

/** Looks at the built page: a click opens a cell, the expert goes on. */
async function playPage(dist: string): Promise<void> {
  const server = createServer((request, response) => {
    const file = join(dist, request.url === '/' ? 'index.html' : String(request.url))
    if (!existsSync(file)) return void response.writeHead(404).end()
    const type = { '.html': 'text/html', '.js': 'text/javascript' }[extname(file)] ?? 'text/plain'
    response.writeHead(200, { 'Content-Type': type }).end(readFileSync(file))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const browser = await launch()
  const { page, errors } = await openPage(browser)
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const line = () => page.textContent('#line')
  const before = await line()
  await page.click('#hint')
  const after = await line()
  claim(
    'and it plays',
    before === 'playing, 0 opened' && /, 1 opened$/.test(after ?? ''),
    `${before}; ${after}`,
  )
  claim(
    'without an error',
    errors.filter((error) => !/favicon|404/.test(error)).length === 0,
    errors.join('; '),
  )
  await browser.close()
  server.close()
}

await show(async (folder) => {
  const tarball = pack(folder)
  const home = join(folder, 'home')
  claim('it installs in an empty folder', install(home, tarball).code === 0)
  const size = megabytes(join(home, 'node_modules'))
  claim(`it is at most ${MOST_MB} MB with all it needs`, size <= MOST_MB, `${size.toFixed(1)} MB`)

  const lint = run('npx', ['publint', tarball, '--strict'])
  claim('publint has nothing to say', lint.code === 0, lint.out.trim().split('\n').at(-1))
  const types = run('npx', ['attw', tarball, '--profile', 'esm-only', '-f', 'table-flipped'])
  claim('nor has arethetypeswrong', types.code === 0, types.code === 0 ? '' : types.out.slice(-600))

  writeFileSync(join(home, 'program.ts'), PROGRAM)
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const flags = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
  const checked = run(process.execPath, [tsc, ...flags, '--skipLibCheck', 'program.ts'], { cwd: home })
  claim('a strict program uses every entrance', checked.code === 0, checked.out.slice(0, 400))
  writeFileSync(
    join(home, 'program.mjs'),
    PROGRAM.replace(/, type \w+|: \w+(<[^>]*>)?(?= =)|type \w+, /g, ''),
  )
  const ran = run(process.execPath, ['program.mjs'], { cwd: home })
  claim('and Node runs it', ran.code === 0, ran.err.trim().split('\n').at(-1) ?? '')

  const bundler = join(ROOT, 'node_modules/esbuild/bin/esbuild')
  writeFileSync(
    join(home, 'page.js'),
    "import { makeEnv } from 'kickpush'\nconsole.log(makeEnv('sokoban').text())\n",
  )
  const bundled = run(
    bundler,
    ['page.js', '--bundle', '--format=esm', '--platform=browser', '--outfile=out.js'],
    {
      cwd: home,
    },
  )
  claim(
    'a bundler for browsers finds nothing of Node in it',
    bundled.code === 0,
    bundled.err.trim().slice(0, 300),
  )
  writeFileSync(
    join(home, 'one.js'),
    "import { seeded, below } from 'kickpush/env'\nconsole.log(below(seeded('1'), 6))\n",
  )
  run(bundler, ['one.js', '--bundle', '--minify', '--format=esm', '--outfile=one.out.js'], { cwd: home })
  const kilobytes = statSync(join(home, 'one.out.js')).size / 1000
  claim('what is not used is left out: a die of kickpush/env', kilobytes < 20, `${kilobytes.toFixed(1)} kB`)

  const short = ['imitation', 'alignment', 'fre', 'mgt'].flatMap((stage) => [
    '--set',
    `stages.${stage}.updates=2`,
  ])
  const words = ['train', join(ROOT, 'recipes/xs.yaml'), ...short, '--workers', '1', '--out']
  const installed = run('npx', ['--no-install', 'kickpush', ...words, join(folder, 'a')], { cwd: home })
  const source = run(process.execPath, [
    '--import',
    'tsx',
    '--conditions=source',
    '-e',
    `import('./src/cli/main.ts').then((m) => m.main(${JSON.stringify([...words, join(folder, 'b')])}))`,
  ])
  claim('it trains', installed.code === 0, /backend \w+/.exec(installed.err)?.[0])
  claim('as the sources do', source.code === 0, /backend \w+/.exec(source.err)?.[0])
  claim('to the same bytes', models(join(folder, 'a')).join() === models(join(folder, 'b')).join())

  cpSync(join(ROOT, 'examples'), join(home, 'examples'), { recursive: true })
  run('npm', ['install', '--no-save', '--omit=optional', '--no-audit', '--no-fund', 'tsx'], { cwd: home })
  const script = run(process.execPath, ['examples/train.mjs', './mines', '2'], { cwd: home })
  const said = script.out.trim().split('\n').at(-1) ?? ''
  claim(
    'examples/train.mjs trains a game of a package',
    /^success \d+ % of 50 levels$/.test(said),
    said || script.err,
  )
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const page = run(process.execPath, [vite, 'build', 'examples/page', '--base', './'], { cwd: home })
  claim('Vite builds examples/page', page.code === 0, page.err.trim().slice(0, 300))
  if (!CHROMIUM) console.log('not looked at: there is no Chromium')
  else await playPage(join(home, 'examples/page/dist'))

  const beside = join(folder, 'beside')
  install(beside, tarball, '@tensorflow/tfjs-backend-wasm@4.22.0', '@tensorflow/tfjs-core@4.22.0')
  writeFileSync(join(beside, 'join.mjs'), JOIN)
  const joined = run(process.execPath, ['join.mjs'], { cwd: beside })
  claim(
    'a backend installed beside it joins its engine',
    joined.out.trim() === 'true wasm 2,3',
    joined.out + joined.err,
  )
})
