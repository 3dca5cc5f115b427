import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '#core/base/errors'
import { readRecord } from '#core/record/jsonl'
import { type Card, pageOf } from '#core/record/page'
import type { RecordEvent } from '#core/record/record'
import type { Command, Io } from '../command.ts'
import { type Exhibit, exhibitOf, ORDERS, ordered, strangeness } from '../gallery.ts'
import { packaged } from '../root.ts'

const flags = z.object({
  _: z.array(z.string()).default([]).describe('<records>: run folders and JSONL files'),
  out: z.string().describe('folder to write; it must not be there yet, or be empty'),
  order: z.enum(ORDERS).default('best').describe('which come first, and are kept where there are too many'),
  limit: z.coerce.number().int().min(1).max(100_000).default(5000).describe('episodes at most'),
  title: z.string().default('Gallery').describe('what the page is called'),
  player: z.string().optional().describe("player.js of a viewer's build [that of this package]"),
})

/** Cards in one script. */
const CARDS = 1000

/** A static site of replays: any host of files, or a folder on a disk, shows it. */
export const command: Command = {
  summary: 'write a static site of replays, best, worst or strangest first',
  examples: [
    'kickpush gallery runs/quick-1 --out gallery',
    'kickpush gallery runs/a runs/b --out gallery --order strangest --limit 2000',
  ],
  flags,
  async run(given, io) {
    const { _: sources, out, order, limit, title, player } = flags.parse(given)
    if (sources.length === 0) throw new UserError('kickpush gallery: which runs or records?')
    if (existsSync(out) && (!statSync(out).isDirectory() || readdirSync(out).length > 0))
      throw new UserError(`kickpush gallery: --out must be a new or an empty folder (got '${out}')`)
    const script = player ?? packaged('dist/client/player.js')
    if (!existsSync(script))
      throw new UserError(
        player === undefined
          ? 'kickpush gallery: the viewer is not built: `npm run build` builds it'
          : `kickpush gallery: --player: there is no '${player}'`,
      )
    const all = await exhibits(sources, io)
    if (all.length === 0) throw new UserError('kickpush gallery: none of them holds an episode')
    const strange = strangeness(all)
    const chosen = ordered(all, strange, order).slice(0, limit)
    await write(io, resolve(out), all, strange, chosen, title, readFileSync(script, 'utf8'))
    const more = all.length > chosen.length ? ` of ${all.length}` : ''
    io.print(`${join(out, 'index.html')}: ${chosen.length}${more} episodes, ${order} first`)
    return 0
  },
}

/** Every episode of the sources, in the order in which they begin. */
async function exhibits(sources: readonly string[], io: Io): Promise<Exhibit[]> {
  const all: Exhibit[] = []
  for (const source of sources) {
    const episodes = new Map<string, RecordEvent[]>()
    for (const file of filesOf(source)) {
      const { events, bad } = readRecord(await io.read(file))
      if (bad.length > 0) io.note(`${file} line ${bad[0].line} is left out: ${bad[0].problem}`)
      for (const { event } of events) {
        // An episode that a resumed training played again is the later one.
        if (event.type === 'start') episodes.delete(event.episode)
        const own = episodes.get(event.episode)
        if (own) own.push(event)
        else episodes.set(event.episode, [event])
      }
    }
    for (const events of episodes.values()) {
      const exhibit = exhibitOf(events)
      if (exhibit) all.push(exhibit)
    }
  }
  return all
}

/** The record files of a run folder or a folder of them; a file is one. @throws UserError where there is nothing. */
function filesOf(source: string): string[] {
  if (!existsSync(source)) throw new UserError(`kickpush gallery: there is no '${source}'`)
  if (statSync(source).isFile()) return [source]
  const inside = join(source, 'episodes')
  const folder = existsSync(inside) ? inside : source
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'))
  if (files.length === 0) throw new UserError(`kickpush gallery: '${source}' holds no records (.jsonl)`)
  return files.sort().map((name) => join(folder, name))
}

/** Writes the whole site aside, then puts it in its place. */
async function write(
  io: Io,
  out: string,
  all: readonly Exhibit[],
  strange: readonly number[],
  chosen: readonly number[],
  title: string,
  player: string,
): Promise<void> {
  const aside = join(dirname(out), `.${basename(out)}.${process.pid}.tmp`)
  try {
    const cards: Card[] = []
    for (const [n, i] of chosen.entries()) {
      const file = `episodes/${String(n).padStart(6, '0')}.js`
      await io.write(join(aside, file), `kickpush(${JSON.stringify(all[i].packed)})\n`)
      cards.push({ ...all[i].card, strange: strange[i], file })
    }
    const scripts: string[] = []
    for (let from = 0; from < cards.length; from += CARDS) {
      const file = `cards-${String(scripts.length).padStart(3, '0')}.js`
      await io.write(join(aside, file), `kickpush(${JSON.stringify(cards.slice(from, from + CARDS))})\n`)
      scripts.push(file)
    }
    await io.write(join(aside, 'player.js'), player)
    await io.write(
      join(aside, 'index.html'),
      pageOf(title, { kind: 'gallery', title, cards: scripts }, { src: 'player.js' }),
    )
    if (existsSync(out)) rmSync(out, { recursive: true })
    renameSync(aside, out)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
