import { z } from 'zod'
import { parse } from '#core/config'
import { UserError } from '#core/errors'
import { jsonServer } from './json.ts'
import { type Address, listen, type Serving } from './listen.ts'
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
  /** Scores a batch, in order. @throws UserError for samples that cannot be scored. */
  readonly score: (samples: readonly Sample[]) => Promise<readonly Score[]> | readonly Score[]
  /** Where lines about failures go; standard error unless given. */
  readonly log?: (line: string) => void
}

const Query = z.looseObject({
  query: z.array(z.string()).describe('prompt and response of each sample, as one text'),
  prompts: z.array(z.string()).describe('prompt of each sample'),
  labels: z.array(z.string().nullable()).optional().describe("the data set's answer to each prompt"),
})

/**
 * A reward server for trainers in the manner of OpenRLHF (`--remote_rm_url`): POST /get_reward with
 * {"query", "prompts", "labels"?} is answered with {"rewards"} and one list of numbers per reward term for logging.
 * @throws UserError when the port is taken or the address cannot be listened on.
 */
export async function serveRewards(options: RewardOptions): Promise<Serving> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const routes = {
    'GET /health': () => ({ status: 'healthy' }),
    'POST /get_reward': async (body: unknown) => {
      const samples = samplesOf(parse(Query, body, 'request'))
      const scores = await options.score(samples)
      return { rewards: scores.map(({ reward }) => reward), ...columns(scores) }
    },
  }
  const server = jsonServer(routes, options, log)
  const url = await listen(server, options, log)
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
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
  names.delete('rewards')
  return Object.fromEntries([...names].map((name) => [name, scores.map(({ terms }) => terms[name] ?? 0)]))
}
