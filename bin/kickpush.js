#!/usr/bin/env node
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isBuilt } from './sources.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const words = process.argv.slice(2)

// Whoever reads us may have seen enough (`kickpush levels solve ... | head`).
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`kickpush: the output cannot be written: ${error.message}\n`)
  process.exit(1)
})

// A terminal that was closed takes no more lines; what is being done still ends well.
process.stderr.on('error', () => {})

const { main, report } = await load().catch(cannotStart)
process.on('uncaughtException', (error) => process.exit(report(error)))
process.exitCode = await main(words)
// One of several processes that serve together is held by whom it was begun.
if (process.env.KICKPUSH_WORKER) process.exit()

/** Says what stands in the way before our own code is there to say it: a limit of open files, a damaged installation. */
function cannotStart(error) {
  const [line] = String(error?.message ?? error).split('\n')
  process.stderr.write(`kickpush cannot start: ${line.slice(0, 170)}\n`)
  process.exit(2)
}

/** The build, which starts three times as fast, where it is of the sources as they are; else the sources. */
async function load() {
  if (isBuilt(root, 'node')) return import('../dist/src/cli/main.js')
  let tsx
  try {
    tsx = await import('tsx/esm/api')
  } catch {
    process.stderr.write(
      'kickpush runs a build that is older than its sources: `npm install && npm run build`\n',
    )
    return import('../dist/src/cli/main.js')
  }
  tsx.register()
  // The import map of package.json leads to the sources under this condition.
  const hook =
    'export const resolve = (name, context, next) => next(name, { ...context, conditions: [...context.conditions, "source"] })'
  register(`data:text/javascript,${encodeURIComponent(hook)}`)
  return import('../src/cli/main.ts')
}
