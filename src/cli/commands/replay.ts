import { z } from 'zod'
import type { Command } from '#core/command'
import { UserError } from '#core/errors'

const flags = z.object({
  _: z.array(z.string()).min(1, 'needs a record').max(1),
  verify: z.boolean().default(false).describe('re-simulate and compare everything that can be compared'),
  episode: z.string().optional().describe('which episode, when the file holds several'),
  step: z.coerce.number().int().min(0).optional().describe('show the state after this many steps'),
  png: z.string().optional().describe('write one PNG per step into this folder'),
  gif: z.string().optional().describe('write an animation to this file'),
  size: z.coerce.number().int().min(16).max(2048).default(512).describe('width of pictures in pixels'),
})

export const command: Command = {
  summary: 'show or verify a record',
  examples: ['kickpush replay episode.jsonl --verify', 'kickpush replay episode.jsonl --gif episode.gif'],
  flags,
  async run() {
    throw new UserError('not yet')
  },
}
