import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    // A package of a test client says `source` as well, and Node does not read TypeScript of packages.
    server: { deps: { inline: [/eventsource/, /@modelcontextprotocol.client/] } },
    include: ['test/**/*.test.ts'],
    // For what hangs; a busy machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
