// Builds everything a release runs: SIMD kernels (AssemblyScript), JavaScript (tsc), tfjs in few files (rolldown), the viewer (Vite).
// Runs on `npm install` (prepare), so it must need nothing but what npm installed.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { buildFile, sourcesOf } from './bin/sources.js'

const only = process.argv[2]
const steps = {
  kernels: existsSync('agent/kernels/build.mjs') && ['node', 'agent/kernels/build.mjs'],
  node: ['node', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  vendor: ['node', 'vendor.mjs'],
  client: existsSync('client/index.html') && [
    'node',
    'node_modules/vite/bin/vite.js',
    'build',
    'client',
    '--logLevel',
    'warn',
  ],
}

for (const [name, command] of Object.entries(steps)) {
  if (!command || (only && only !== name)) continue
  // Before it begins: what is changed while it runs is not in it.
  const sources = name === 'kernels' || name === 'vendor' ? undefined : sourcesOf('.', name)
  const { status } = spawnSync(command[0], command.slice(1), { stdio: 'inherit', shell: false })
  if (status !== 0) {
    console.error(`build: step '${name}' failed`)
    process.exit(status ?? 1)
  }
  if (sources !== undefined) writeFileSync(buildFile('.', name), sources)
}
