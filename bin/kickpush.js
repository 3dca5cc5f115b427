#!/usr/bin/env node
import { main } from '../dist/src/cli/main.js'

// Whoever reads us may have seen enough (`kickpush levels solve ... | head`).
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`kickpush: the output cannot be written: ${error.message}\n`)
  process.exit(1)
})

// A terminal that was closed takes no more lines; what is being done still ends well.
process.stderr.on('error', () => {})

process.exitCode = await main(process.argv.slice(2))
