import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // For what hangs; a busy machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
