import { hashText } from '#core/base/hash'
import type { Store } from '#core/base/store'
import type { Env } from '#core/env/env'
import { readRecord, writeLine } from '#core/record/jsonl'
import { verifyRecord } from '#core/record/verify'
import { WireFailure } from './errors.ts'
import { writeRunInfo } from './info.ts'

/** The run of records that were handed in: games played by hand, forks of replays. */
export const HAND = 'hand'

/**
 * Keeps a record of one episode in the run HAND of a store of runs, if re-simulating it agrees. Its episode gets a name
 * made of what it says, so that handing it in twice keeps it once.
 * @returns the name of the episode.
 * @throws WireFailure INVALID_MESSAGE with the first thing that is wrong.
 * @throws UserError for a record format that this release does not know; StoreError, and then nothing is kept.
 */
export async function keepRecord(runs: Store, text: string, envs: readonly Env[]): Promise<string> {
  const { events, bad, torn } = readRecord(text)
  if (torn) throw new WireFailure('INVALID_MESSAGE', 'the last line of the record is cut off')
  if (bad.length > 0) throw new WireFailure('INVALID_MESSAGE', `line ${bad[0].line} ${bad[0].problem}`)
  const { episodes } = verifyRecord(text, envs)
  const [only, ...others] = episodes
  if (!only || others.length > 0) {
    throw new WireFailure(
      'INVALID_MESSAGE',
      `a record to keep has one episode, this one has ${episodes.length}`,
    )
  }
  if (only.needs) {
    const { env, version } = only.needs
    throw new WireFailure('INVALID_MESSAGE', `cannot be checked here: it needs ${env} version ${version}`)
  }
  if (only.difference) {
    const { t, what } = only.difference
    throw new WireFailure('INVALID_MESSAGE', `does not agree with the simulator: step ${t}, ${what}`)
  }
  if (only.status !== 'agrees') throw new WireFailure('INVALID_MESSAGE', 'the record has no start')
  const [{ event: start }] = events
  const name = `${'env' in start ? start.env : ''}-${hashText(text)}`
  const lines = events.map(({ event }) => writeLine({ ...event, episode: name }))
  await writeRunInfo(runs, HAND, 'done')
  await runs.write(`${HAND}/episodes/${name}.jsonl`, lines.join(''))
  return name
}
