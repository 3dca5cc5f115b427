// Compiles the SIMD kernels to WebAssembly and writes them into module.ts. That file is committed, so that neither
// source runs nor installations need the compiler; a test holds the two equal.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

const options = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--use', 'abort='],
  ...['--baseDir', here, '--outFile', 'kernels.wasm'],
]

/** The text of module.ts for the assembly as it stands. */
export async function compile() {
  const { default: asc } = await import('assemblyscript/asc')
  let wasm
  const { error, stderr } = await asc.main(['assembly/index.ts', ...options], {
    writeFile: (_, contents) => {
      wasm = contents
    },
    stderr: asc.createMemoryStream(),
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  const base64 = Buffer.from(wasm).toString('base64')
  return `/** The WebAssembly of the folder assembly/, in base64; written by build.mjs. */\nexport const wasm =\n  '${base64}'\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await compile().catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error // without the compiler the committed module stands
  })
  const file = `${here}module.ts`
  if (text && text !== readFileSync(file, { encoding: 'utf8', flag: 'a+' })) writeFileSync(file, text)
}
