import { rm } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import type { Fault } from './faults.ts'
import type { live } from './world.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
let built = 0

/**
 * The world around a product with a fault in it, built and loaded.
 * @throws Error when a place that the fault changes is not once in the source.
 */
export async function mutant({ name, file, edits }: Fault): Promise<typeof live> {
  let problem: string | undefined = `${file} is no part of the world`
  // Below node_modules, so that the packages are found from there.
  const outDir = `${ROOT}node_modules/.cache/kickpush-world/${process.pid}-${built++}`
  const plant = (code: string, id: string): string | null => {
    if (id !== ROOT + file) return null
    problem = undefined
    return edits.reduce((text, [from, to]) => {
      const places = text.split(from).length - 1
      if (places !== 1) problem = `${file} has ${places} places that read ${JSON.stringify(from)}`
      return text.replace(from, () => to)
    }, code)
  }
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    ssr: { resolve: { conditions: ['source', 'node'] } },
    build: {
      ssr: 'test/world/world.ts',
      outDir,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'world.mjs' } },
    },
    plugins: [{ name: 'fault', enforce: 'pre', transform: plant }],
  })
  try {
    if (problem) throw new Error(`the planted fault '${name}' must be brought up to date: ${problem}`)
    return (await import(/* @vite-ignore */ pathToFileURL(`${outDir}/world.mjs`).href)).live
  } finally {
    await rm(outDir, { recursive: true })
  }
}
