import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = fileURLToPath(new URL('.', import.meta.url))
/** What packages of others import, from the sources: examples are such packages. */
const alias = [
  { find: /^kickpush$/, replacement: `${here}src/library/index.ts` },
  { find: /^kickpush\/games\/(.+)$/, replacement: `${here}envs/$1/index.ts` },
  { find: /^kickpush\/(.+)$/, replacement: `${here}src/library/$1.ts` },
]

export default defineConfig({
  resolve: { conditions: ['source'], alias },
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    // A package of a test client says `source` as well, and Node does not read TypeScript of packages.
    server: { deps: { inline: [/eventsource/, /@modelcontextprotocol.client/] } },
    include: ['test/**/*.test.ts', 'examples/*/test/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // For what hangs; a busy machine may be slow.
    testTimeout: 300_000,
    // Many wait for browsers and processes of their own: two at a time also on two cores, where one would be chosen.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    expect: { poll: { timeout: 120_000, interval: 50 } },
    hookTimeout: 300_000,
  },
})
