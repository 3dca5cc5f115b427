import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { type Row, writeRow } from '#agent/dataset/row'
import { scoreAnswer } from '#agent/dataset/score'
import { ask, type OpenTask, oneAnswer } from '#agent/dataset/task'
import { writeAnswer } from '#agent/dialogue/answer'
import { png } from '#agent/hosts/node/png'
import { foresee } from '#agent/policies/foresight'
import { RewardOptions } from '#agent/rewards/registry'
import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import type { Command, Io } from '#core/env/command'
import { SPLITS } from '#core/env/split'
import type { Request } from '#core/play/policy'
import { chosenLevels, collectionFlags } from '../collections.ts'
import { chosenEnv, levelFlags, whole } from '../episodes.ts'
import { writeAside } from '../io.ts'
import { Counter } from '../progress.ts'

const flags = z.object({
  ...levelFlags,
  ...collectionFlags,
  episodes: whole(1).max(1_000_000).default(1000).describe('rows, one level each'),
  split: z.enum(SPLITS).default('train').describe('levels of this split only; the three share none'),
  modality: z.enum(['text', 'frame', 'both']).default('frame').describe('what the question shows'),
  actions: whole(1).default(50).describe('most actions of an answer'),
  out: z.string().optional().describe('folder for <split>.jsonl and its pictures'),
  json: z.boolean().default(false).describe('print one JSON object at the end'),
})

/** A data set for trainers of large models: levels as chats, with the expert's answers. */
export const command: Command = {
  summary: 'write levels as chats for trainers of large models',
  examples: [
    'kickpush dataset export --env sokoban --config preset=small-v0 --episodes 5000 --out data/small-v0',
    'kickpush dataset export --env sokoban --config preset=tiny-1 --split test --episodes 100 --modality text --out data/tiny',
  ],
  flags,
  async run(given, io) {
    const options = flags.parse(given)
    const { split, modality, out } = options
    if (out === undefined) throw new UserError('kickpush dataset export: --out is missing')
    const env = chosenEnv(options.env, 'kickpush dataset export')
    const expert = env.policies?.expert
    if (!expert) throw new UserError(`kickpush dataset export: ${env.id} has no expert to answer`)
    const { levels } = await chosenLevels(env, options, io)
    const seats = env.seats(levels[0].config)
    if (seats !== 1) {
      throw new UserError(`kickpush dataset export: a row has one seat; this config has ${seats}`)
    }
    const conversation = oneAnswer(modality, options.actions)
    const progress = new Counter(io, levels.length, 'levels')
    const rows: Row[] = []
    for (const { config, seed } of levels) {
      progress.add()
      const task: OpenTask = { env, config, seed, conversation }
      const request = ask(task)
      const answer = foresee(env, expert(config), request.state, 0, request.limit, seeded(`${seed}/answer`))
      const names = env.actions(config)
      const text = writeAnswer(
        '',
        answer.map((action) => names[action]),
      )
      // An answer that fails would teach failure: its level is left out.
      const { success } = (await scoreAnswer(task, { text }, RewardOptions.parse({}))).terms
      if (success !== 1) continue
      const image = await savePicture(request, resolve(out, 'pictures', split), rows.length)
      rows.push(writeRow(task, request, answer, image))
    }
    progress.end()
    const file = resolve(out, `${split}.jsonl`)
    await writeAside(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    told({ file, rows: rows.length, leftOut: levels.length - rows.length }, options.json, io)
    return 0
  },
}

/** @returns the address of the frame that the request shows; undefined when it shows none. */
async function savePicture(request: Request, folder: string, index: number): Promise<string | undefined> {
  const { frame } = request.observation
  if (!frame) return undefined
  const file = resolve(folder, `${String(index).padStart(6, '0')}.png`)
  await writeAside(file, png(frame))
  return pathToFileURL(file).href
}

function told(result: { file: string; rows: number; leftOut: number }, json: boolean, io: Io): void {
  const { file, rows, leftOut } = result
  const missing = leftOut > 0 ? `; ${leftOut} levels left out whose answer does not succeed` : ''
  io.print(json ? JSON.stringify(result) : `${file}: ${rows} rows${missing}`)
}
