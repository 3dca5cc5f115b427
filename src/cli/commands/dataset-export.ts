import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import {
  FORMATS,
  type Format,
  type FormattedRow,
  openAiRow,
  type Picture,
  type Sample,
  shareGptRow,
  trlRow,
} from '#agent/dataset/formats'
import { writeRow } from '#agent/dataset/row'
import { answerInTurns, answerOnce, type Chat, framesOf } from '#agent/dataset/sample'
import { png } from '#agent/hosts/node/png'
import { UserError } from '#core/base/errors'
import { SPLITS } from '#core/env/split'
import { makeFolder } from '#stores/folder'
import { writeCard } from '../card.ts'
import { chosenLevels, collectionFlags } from '../collections.ts'
import type { Command, Io } from '../command.ts'
import { chosenEnv, levelFlags, whole } from '../episodes.ts'
import { writeAside } from '../io.ts'
import { parquet } from '../parquet.ts'
import { Counter } from '../progress.ts'

/** Turns of a chat in turns at most. */
const TURNS = 200

const flags = z.object({
  ...levelFlags,
  ...collectionFlags,
  episodes: whole(1).max(1_000_000).default(1000).describe('rows, one level each'),
  split: z.enum(SPLITS).default('train').describe('levels of this split only; the three share none'),
  modality: z.enum(['text', 'frame', 'both']).default('frame').describe('what the question shows'),
  actions: whole(1).default(50).describe('most actions of an answer'),
  turns: z
    .boolean()
    .default(false)
    .describe('chats of several turns, up to --actions in each, with a new look before each'),
  format: z.enum(FORMATS).default('lmm-r1').describe('shape of a row'),
  parquet: z
    .boolean()
    .default(false)
    .describe('write <split>.parquet, its pictures inside, in place of JSON lines'),
  out: z.string().optional().describe('folder for <split>.jsonl and its pictures'),
  json: z.boolean().default(false).describe('print one JSON object at the end'),
})

/** A data set for trainers of large models: levels as chats, with the expert's answers. */
export const command: Command = {
  summary: 'write levels as chats for trainers of large models',
  examples: [
    'kickpush dataset export --env sokoban --config preset=small-v0 --episodes 5000 --out data/small-v0',
    'kickpush dataset export --env sokoban --config preset=tiny-1 --split test --episodes 100 --modality text --out data/tiny',
    'kickpush dataset export --env sokoban --config preset=tiny-1 --format trl --parquet --turns --actions 3 --out data/turns',
  ],
  flags,
  async run(given, io, { envs }) {
    const options = flags.parse(given)
    const { split, modality, out, format, turns, actions } = options
    if (out === undefined) throw new UserError('kickpush dataset export: --out is missing')
    if (turns && format === 'lmm-r1')
      throw new UserError(
        'kickpush dataset export: rows of lmm-r1 have one turn; --turns takes another --format',
      )
    if (options.parquet && format === 'openai')
      throw new UserError('kickpush dataset export: openai takes JSON lines, not --parquet')
    const env = chosenEnv(envs, options.env, 'kickpush dataset export')
    if (!env.policies?.expert)
      throw new UserError(`kickpush dataset export: ${env.id} has no expert to answer`)
    const { levels } = await chosenLevels(env, options, io)
    const seats = env.seats(levels[0].config)
    if (seats !== 1) {
      throw new UserError(`kickpush dataset export: a row has one seat; this config has ${seats}`)
    }
    // Before the work, whose rows would have no place.
    makeFolder(out)
    const progress = new Counter(io, levels.length, 'levels')
    const rows: FormattedRow[] = []
    const pictures: (readonly Picture[])[] = []
    for (const level of levels) {
      progress.add()
      const chat = turns
        ? await answerInTurns(level, modality, actions, TURNS)
        : await answerOnce(level, modality, actions)
      // An answer that fails would teach failure: its level is left out.
      if (!chat.success) continue
      const own = framesOf(chat.messages).map((frame, i) => ({
        path: `pictures/${split}/${nameOf(rows.length, turns ? i : undefined)}.png`,
        png: png(frame),
      }))
      if (!options.parquet && format !== 'openai')
        for (const { path, png } of own) await writeAside(resolve(out, path), png)
      rows.push(rowOf(format, chat, own, out, !options.parquet))
      pictures.push(own)
    }
    progress.end()
    const file = resolve(out, `${split}.${options.parquet ? 'parquet' : 'jsonl'}`)
    await writeAside(
      file,
      options.parquet ? parquet(rows, pictures) : rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    )
    const leftOut = levels.length - rows.length
    await writeCard(out, env, { ...options, rows: rows.length, leftOut })
    told({ file, rows: rows.length, leftOut }, options, io)
    return 0
  },
}

function rowOf(
  format: Format,
  chat: Chat,
  pictures: readonly Picture[],
  out: string,
  files: boolean,
): FormattedRow {
  const { task, request, actions, messages, answer } = chat
  const address = pictures.length > 0 ? pathToFileURL(resolve(out, pictures[0].path)).href : undefined
  if (format === 'lmm-r1') return writeRow(task, request, actions, address)
  const online = task.conversation.mode === 'online'
  const sample: Sample = {
    messages,
    answer,
    pictures,
    task: online ? undefined : writeRow(task, request, actions, address).env_path,
  }
  if (format === 'openai') return openAiRow(sample, (bytes) => Buffer.from(bytes).toString('base64'))
  const row = format === 'trl' ? trlRow(sample) : shareGptRow(sample)
  // JSON lines name pictures by their paths alone, as loaders of both formats expect.
  return files ? { ...row, images: pictures.map(({ path }) => path) } : row
}

function nameOf(row: number, turn: number | undefined): string {
  const name = String(row).padStart(6, '0')
  return turn === undefined ? name : `${name}-${String(turn).padStart(3, '0')}`
}

function told(
  result: { file: string; rows: number; leftOut: number },
  { json, turns, actions }: { json: boolean; turns: boolean; actions: number },
  io: Io,
): void {
  const { file, rows, leftOut } = result
  const within = `${turns ? `${TURNS} turns of ` : ''}${actions} actions`
  const missing =
    leftOut > 0 ? `; ${leftOut} levels left out whose answer does not succeed within ${within}` : ''
  io.print(json ? JSON.stringify(result) : `${file}: ${rows} rows${missing}`)
}
