import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { parse } from '#core/env/config'
import type { ThreadEntry } from '#threads/thread'
import { WireFailure } from './errors.ts'
import { type Asked, jsonServer, Raw, readJson } from './json.ts'
import { type Address, listen, type Serving } from './listen.ts'
import { Pool } from './pool.ts'
import { responseOf } from './response.ts'

/** One sample of a trainer's rollout. */
export interface Sample {
  /** What the model was asked, as the trainer formatted it. */
  readonly prompt: string
  /** What the model wrote: the query without its prompt. */
  readonly response: string
  /** The data set's answer to the prompt, where the trainer sends it. */
  readonly label?: string
}

/** What a sample is worth, and the terms it is made of. */
export interface Score {
  readonly reward: number
  readonly terms: Readonly<Record<string, number>>
}

export interface RewardOptions extends Address {
  /** Module of the threads that score: it calls `answerJobs` with `rewardsOf`. */
  readonly work: ThreadEntry
  /** How many threads. */
  readonly threads: number
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

/** Bytes of a request's body: prompts of a whole batch fit. */
const BODY_LIMIT = 64 << 20
/** Bytes of all bodies that wait to be scored. */
const HELD = 256 << 20
/** Requests that wait to be scored, of one client and in all. */
const QUEUE = { perClient: 64, most: 256 }

const Query = z.looseObject({
  query: z.array(z.string()).describe('prompt and response of each sample, as one text'),
  prompts: z.array(z.string()).describe('prompt of each sample'),
  labels: z.array(z.string().nullable()).optional().describe("the data set's answer to each prompt"),
})

/**
 * A reward server for trainers in the manner of OpenRLHF (`--remote_rm_url`): POST /get_reward with
 * {"query", "prompts", "labels"?} is answered with {"rewards", "scores", "extra_logs"}: what each sample is worth, how well it
 * did from 0 to 1 (by which OpenRLHF filters groups), and one list of numbers per reward term for logging.
 * @throws UserError when the port is taken or the address cannot be listened on.
 */
export async function serveRewards(options: RewardOptions): Promise<Serving> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const pool = new Pool(options.work, { threads: options.threads, ...QUEUE }, log)
  let held = 0
  const routes = {
    'GET /health': () => ({ status: 'healthy' }),
    'POST /get_reward': async ({ body, client }: Asked) => {
      if (held + body.length > HELD) throw new WireFailure('BUSY', `${held} bytes wait to be scored`)
      const { length } = body
      held += length
      try {
        return new Raw((await pool.ask(client, body, { transfer: [body.buffer as ArrayBuffer] })) as string)
      } finally {
        held -= length
      }
    },
  }
  const server = jsonServer(routes, options, BODY_LIMIT, log)
  const url = await listen(server, options, log)
  return {
    url,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await pool.close()
    },
  }
}

/**
 * In a thread: the answer to a request's body, as JSON.
 * @param score scores a batch, in order.
 * @throws UserError for a body that is none, and for samples that cannot be scored.
 */
export async function rewardsOf(
  body: Uint8Array,
  score: (samples: readonly Sample[]) => Promise<readonly Score[]>,
): Promise<string> {
  const scores = await score(samplesOf(parse(Query, readJson(body), 'request')))
  return JSON.stringify({
    rewards: scores.map(({ reward }) => reward),
    scores: scores.map(({ reward, terms }) => terms.success ?? Math.max(0, Math.min(1, reward))),
    extra_logs: columns(scores),
  })
}

function samplesOf({ query, prompts, labels }: z.infer<typeof Query>): Sample[] {
  if (prompts.length !== query.length || (labels && labels.length !== query.length)) {
    const counts = `query ${query.length}, prompts ${prompts.length}, labels ${labels?.length ?? 'none'}`
    throw new UserError(`request: the lists must be equally long (${counts})`)
  }
  return query.map((text, i) => ({
    prompt: prompts[i],
    response: responseOf(text, prompts[i]),
    label: labels?.[i] ?? undefined,
  }))
}

/** Terms as lists, 0 where a sample has no such term. */
function columns(scores: readonly Score[]): Record<string, number[]> {
  const names = new Set(scores.flatMap(({ terms }) => Object.keys(terms)))
  return Object.fromEntries([...names].map((name) => [name, scores.map(({ terms }) => terms[name] ?? 0)]))
}
