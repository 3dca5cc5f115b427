import { KICKPUSH } from '#core/base/version'

/** What is around a game that is a package of its own, by path: how it is built, tested, played and told about. */
export function packageFiles(id: string, game: string): Readonly<Record<string, string>> {
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
  return {
    'package.json': json({
      name: `kickpush-${id}`,
      version: '0.1.0',
      description: `${id}, a game for Kickpush`,
      license: 'MIT',
      type: 'module',
      exports: {
        '.': { types: './src/index.ts', browser: './dist/browser.js', default: './dist/index.js' },
      },
      files: ['dist', 'src'],
      scripts: {
        build: 'npm run build:node && npm run build:browser',
        'build:node':
          'esbuild src/index.ts --bundle --format=esm --packages=external --outfile=dist/index.js',
        'build:browser': 'esbuild src/index.ts --bundle --format=esm --minify --outfile=dist/browser.js',
        check: `kickpush check ${id}`,
        test: 'node --import tsx --test test/*.test.ts',
        types: 'tsc --noEmit',
        page: 'esbuild page/main.ts --bundle --format=esm --outdir=page --servedir=page',
        prepublishOnly: 'npm run build',
      },
      peerDependencies: { kickpush: `>=${KICKPUSH}` },
      peerDependenciesMeta: { kickpush: { optional: true } },
      devDependencies: {
        '@types/node': '^20.0.0',
        esbuild: '>=0.25.0',
        tsx: '^4.20.0',
        typescript: '>=5.8.0',
      },
    }),
    'tsconfig.json': json({
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023', 'dom'],
        module: 'nodenext',
        strict: true,
        noEmit: true,
        allowImportingTsExtensions: true,
        verbatimModuleSyntax: true,
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['src', 'test', 'page/main.ts'],
    }),
    'kickpush.config.json': json({ envModules: ['./src/index.ts'] }),
    '.gitignore': 'node_modules\ndist\nruns\npage/main.js\n',
    '.github/workflows/check.yml': WORKFLOW,
    'recipe.yaml': recipe(id),
    [`test/${id}.test.ts`]: test(game),
    'page/index.html': page(id),
    'page/main.ts': script(game),
    'README.md': readme(id),
  }
}

const WORKFLOW = `name: check
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    strategy: { matrix: { node: [20, 22] } }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: '\${{ matrix.node }}' }
      - run: npm install
      - run: npm install --no-save --omit=optional kickpush@^${KICKPUSH}
      - run: npm run types
      - run: npm run check
      - run: npm test
      - run: npm run build
`

const recipe = (
  id: string,
): string => `# Imitation of the expert, then RL on what it earns: kickpush train recipe.yaml --serve 3000
name: ${id}
model: xs
shards: 2
data:
  - env: ${id}
    config: { preset: small }
stages:
  - name: sft
    kind: sft
    updates: 300
    batch: 16
    conversation: &talk { mode: online, modality: text, maxTurns: 12, memoryActions: 1 }
    optimizer: { rate: 3.0e-3, warmup: 20 }
  - name: rl
    kind: fre
    updates: 20
    groups: 8
    conversation: *talk
    optimizer: { rate: 1.0e-3 }
    freeze: [vision.]
evaluation:
  agents: [random, sft, rl, expert]
  modalities: [text]
  episodes: 20
  conversation: *talk
`

/** A game from its source, as its test and its page import it. */
const imported = (game: string, ...others: readonly string[]): string =>
  [...others, `{ ${game} } from '../src/index.ts'`].map((what) => `import ${what}`).join('\n')

const test = (game: string): string => `${imported(
  game,
  "assert from 'node:assert/strict'",
  "{ test } from 'node:test'",
  "{ check, play, verify } from 'kickpush'",
)}

test('keeps the contract', () => {
  const broken = check(${game}).filter(({ status }) => status === 'broken')
  assert.deepEqual(broken, [])
})

test('is won by its expert, and the record of that verifies', async () => {
  const { episode, record } = await play({ game: ${game}, seed: 1, agents: 'expert' })
  assert.equal(episode.outcome.success, true)
  assert.equal(verify(record, [${game}]).episodes[0].status, 'agrees')
})
`

const page = (id: string): string => `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1" />
  <title>${id}</title>
  <style>
    body { font: 16px system-ui, sans-serif; display: grid; justify-items: center; gap: 1rem; margin: 2rem }
    canvas { width: min(90vw, 480px); image-rendering: pixelated }
  </style>
  <h1>${id}</h1>
  <canvas id="board"></canvas>
  <p id="line" role="status"></p>
  <p id="actions"></p>
  <script type="module" src="main.js"></script>
</html>
`

const script = (game: string): string => `${imported(game, "{ makeEnv } from 'kickpush'")}

const board = document.querySelector<HTMLCanvasElement>('#board')!
const line = document.querySelector('#line')!
let seed = 1
const played = makeEnv(${game}, {}, seed)

function show(): void {
  const { width, height, data } = played.frame()
  board.width = width
  board.height = height
  const image = new ImageData(width, height)
  for (let i = 0; i < width * height; i++) {
    image.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i)
    image.data[4 * i + 3] = 255
  }
  board.getContext('2d')!.putImageData(image, 0, 0)
  line.textContent = \`\${played.outcome.name}\${played.done ? ': any key begins another' : ''}\`
}

function act(action: string): void {
  if (played.done) played.reset(++seed)
  else played.step(action)
  show()
}

for (const action of played.actions) {
  const button = document.createElement('button')
  button.textContent = action
  button.onclick = () => act(action)
  document.querySelector('#actions')!.append(button)
}
addEventListener('keydown', ({ code }) => {
  const action = played.env.keys?.[code]
  if (action !== undefined || played.done) act(action ?? '')
})
show()
`

const readme = (id: string): string => `# ${id}

A game for [Kickpush](https://www.npmjs.com/package/kickpush). It imports from \`kickpush/env\` and nothing else.

\`\`\`
npm install                  # tsx, typescript and esbuild; kickpush is installed here or in a folder above
npx kickpush check ${id}     # plays it against the contract: all checks hold
npm test
npx kickpush train recipe.yaml --serve 3000
npm run page                 # a page that plays it
npm run build                # dist/: for Node, and whole in one file for browsers
\`\`\`

\`kickpush.config.json\` names the game for every command in this folder. Elsewhere: \`--env-module kickpush-${id}\`
where it is installed, or the path of its folder.
`
