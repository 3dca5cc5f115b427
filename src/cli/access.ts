import { z } from 'zod'
import { UserError } from '#core/base/errors'
import type { Io } from '#core/env/command'
import type { Access } from '#server/access'

/** Flags of commands that serve: who is let in. A token itself is no flag, because others on a machine see those. */
export const accessFlags = {
  host: z.string().min(1).default('127.0.0.1').describe('address to listen on'),
  tokenFile: z
    .string()
    .optional()
    .describe('file with the token that every request from beyond this machine carries [KICKPUSH_TOKEN]'),
  open: z.boolean().default(false).describe('let in everybody from beyond this machine, without a token'),
  allowHost: z
    .array(z.string())
    .default([])
    .describe('further names it answers under: of a container, cluster or tunnel; *.name for all below'),
}
/** How many processes serve together, and how many threads do the work in each. */
export const workFlags = {
  workers: z.coerce.number().int().min(1).max(64).default(1).describe('processes that answer, at one port'),
  threads: z.coerce
    .number()
    .int()
    .min(1)
    .max(64)
    .default(2)
    .describe('threads of each that do the work, beside the one that answers'),
}

const Flags = z.object(accessFlags)

/** Who is let in. @throws UserError for a token that cannot be read, or is none. */
export async function accessOf(options: z.infer<typeof Flags>, io: Io): Promise<Access> {
  const { host, tokenFile, open, allowHost } = options
  const token =
    tokenFile === undefined
      ? checked(process.env.KICKPUSH_TOKEN || undefined, 'KICKPUSH_TOKEN')
      : checked(await io.read(tokenFile), `--token-file '${tokenFile}'`)
  return { host, hosts: allowHost, token, open }
}

function checked(text: string | undefined, where: string): string | undefined {
  const token = text?.trim()
  if (token === undefined || /^[!-~]+$/.test(token)) return token
  throw new UserError(`${where} must hold one word of letters, digits and signs`)
}
