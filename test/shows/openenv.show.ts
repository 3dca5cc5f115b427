/**
 * OpenEnv's validator and client, unmodified, against the environment server; and its official MCP client at /mcp.
 *
 *   npm run shows -- openenv                          with python3 and PyPI at hand
 *   npm run shows -- openenv --python <interpreter>   that has integrations/openenv/requirements.txt
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { pythonWith } from './python.ts'
import { serve } from './serving.ts'
import { claim, kickpush, show } from './show.ts'

await show(async (folder) => {
  const { python, path } = pythonWith('integrations/openenv/requirements.txt', folder)
  const record = join(folder, 'openenv')
  const server = await serve([
    'env-server',
    '--env',
    'sokoban',
    '--config',
    'preset=small-v0',
    '--record',
    record,
  ])

  const validate = spawnSync(join(path, '../openenv'), ['validate', server.url], { encoding: 'utf8' })
  const report = JSON.parse(validate.stdout) as {
    passed: boolean
    mode: string
    criteria: { id: string; passed: boolean }[]
  }
  for (const { id, passed } of report.criteria) claim(`openenv validate: ${id}`, passed)
  claim('openenv validate passes', validate.status === 0 && report.passed, report.mode)

  const played = python(['integrations/openenv/play.py', server.url])
  const told = played.code === 0 ? (JSON.parse(played.out) as Record<string, unknown>) : {}
  for (const [what, value] of Object.entries(told)) console.log(`     ${what}: ${JSON.stringify(value)}`)
  claim("OpenEnv's client plays", played.code === 0, played.err.trim().slice(-300))
  claim(
    'keys of a reset count wherever they stand',
    told['same level wherever the keys stand'] === true && told['and that of the preset'] === true,
  )
  claim('unknown keys are refused', String(told['unknown key']).includes("did you mean 'preset'"))
  claim('too many actions are told', String(told['too many actions']).includes('at most 1 can be played now'))
  claim('an episode is taken up after its client died', told['taken up again'] === true)

  const client = new Client({ name: 'show', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`)))
  const { tools } = await client.listTools()
  const begun = await client.callTool({ name: 'begin', arguments: { seed: 7 } })
  claim(
    'the official MCP client plays at /mcp',
    tools.length === 3 && begun.isError !== true,
    tools.map(({ name }) => name).join(', '),
  )
  await client.close()

  await server.stop()
  const verified = kickpush('replay', join(record, 'episodes', '0.jsonl'), '--verify')
  claim('what was played verifies', verified.code === 0, verified.out.trim().split('\n').at(-1))
})
