// Bundles what the learner needs of tfjs into dist/vendor, for it has 290 MB where it is installed. It keeps its engine on
// the global object, so that a backend which is installed beside this package (tfjs-node-gpu, webgpu) still joins it.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { rolldown } from 'rolldown'

const OUT = 'dist/vendor'
const PACKAGES = { tf: '@tensorflow/tfjs', wasm: '@tensorflow/tfjs-backend-wasm' }
const require = createRequire(import.meta.url)

// Its own files for Node, as they are loaded from the sources: the same arithmetic to the bit.
const bundle = await rolldown({
  input: PACKAGES,
  platform: 'node',
  resolve: { mainFields: ['main'], conditionNames: ['node', 'require', 'default'] },
  logLevel: 'silent',
})
await bundle.write({
  dir: OUT,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name].cjs',
  minify: true,
})
const wasm = dirname(require.resolve(PACKAGES.wasm))
for (const name of readdirSync(wasm))
  if (name.endsWith('.wasm')) copyFileSync(join(wasm, name), join(OUT, name))

// What is imported by name.
for (const [file, name] of Object.entries(PACKAGES)) {
  const names = Object.keys(require(name)).filter((one) => /^[A-Za-z_]\w*$/.test(one) && one !== 'default')
  const lines = names.map((one) => `const _${one} = all.${one}\n`)
  const list = names.map((one) => `_${one} as ${one}`).join(', ')
  writeFileSync(
    join(OUT, `${file}.js`),
    `import all from './${file}.cjs'\n${lines.join('')}export { ${list} }\n`,
  )
}

// Declarations name types of tfjs, which is not there for whoever reads them: they stand for anything.
const types = new Set()
for (const name of readdirSync('dist', { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue
  for (const [, type] of readFileSync(join('dist', name), 'utf8').matchAll(/\btf\.([A-Z]\w*)/g))
    types.add(type)
}
const lines = [...types].sort().map((type) => `export type ${type}<A = any, B = any> = any\n`)
writeFileSync(join(OUT, 'tf.d.ts'), lines.join(''))
writeFileSync(join(OUT, 'wasm.d.ts'), 'export declare function setWasmPaths(path: string): void\n')
