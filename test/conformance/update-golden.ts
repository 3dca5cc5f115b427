// Writes test/conformance/golden.ts anew. Run it when an environment's version or look rose, and only then:
//   node --import tsx --conditions=source test/conformance/update-golden.ts
// A row that changed without such a rise is a bug: old records would no longer replay.
import { writeFileSync } from 'node:fs'
import { envs } from '#envs'
import { toy } from '../toy.ts'
import { goldenRow, writeGolden } from './subjects.ts'

const rows = [toy, ...envs].flatMap((env) =>
  env.examples.flatMap((example) => ['1', 'two'].map((seed) => goldenRow(env, example, seed))),
)
const text = `import { readGolden } from './subjects.ts'

/** What seeds are known to give. Written by update-golden.ts, which says when to run it. */
export const golden = readGolden(\`
env version look seed steps state text frame example
${rows.map(writeGolden).join('\n')}
\`)
`
writeFileSync(new URL('golden.ts', import.meta.url), text)
console.log(`${rows.length} rows`)
