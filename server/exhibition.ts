import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { type Match, play } from '#core/play/play'
import { writeLine } from '#core/record/jsonl'
import type { RecordEvent } from '#core/record/record'
import { FileStore } from '#stores/files'
import { makeFolder } from '#stores/folder'
import { startThread } from '#threads/thread'
import { writeRunInfo } from './info.ts'

/** A match for the wall and how fast it is shown. */
export interface Showing {
  readonly match: Match
  readonly stepsPerSecond: number
}

export interface ExhibitionOptions {
  /** Matches on show at once. */
  readonly boards: number
  /** Ended matches kept as replays. */
  readonly keep: number
  readonly signal: AbortSignal
  /** How long (ms) an ended match stays before the next begins; 1.5 s unless given. */
  readonly pause?: number
}

/** What plays an exhibition. */
export interface ExhibitionEntry {
  /** Module of a worker thread that calls `exhibit(workerData.folder, ...)` with the matches it likes. */
  readonly entry: URL
  /** What it likes, as `workerData.programme`; plain data. */
  readonly programme?: unknown
}

/** Name of the run an exhibition writes. */
export const EXHIBITION = 'exhibition'

/**
 * Plays one match after another on every board and writes them at a pace to watch, as an ordinary run folder:
 * whoever follows the runs shows them. Runs until the signal says stop.
 * @param folder the run folder; made here.
 * @param next the match for a number (0, 1, 2 ...) whose `run` should be EXHIBITION.
 */
export async function exhibit(
  folder: string,
  next: (index: number) => Promise<Showing>,
  options: ExhibitionOptions,
): Promise<void> {
  const { boards, keep, signal, pause = 1_500 } = options
  const episodes = path.join(folder, 'episodes')
  const store = new FileStore(path.dirname(folder))
  const id = path.basename(folder)
  await writeRunInfo(store, id, 'running', 'exhibition')
  makeFolder(episodes)
  let begun = 0
  const board = async () => {
    while (!signal.aborted) {
      const index = begun++
      const { match, stepsPerSecond } = await next(index)
      const events: RecordEvent[] = []
      await play([match], { onEvent: (event) => events.push(event), signal })
      await show(path.join(episodes, `${index}.jsonl`), events, 1000 / stepsPerSecond, signal)
      await rm(path.join(episodes, `${index - keep}.jsonl`), { force: true })
      await sleep(pause, undefined, { signal })
    }
  }
  try {
    await Promise.all(Array.from({ length: boards }, board))
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await writeRunInfo(store, id, 'stopped', 'exhibition').catch(() => {}) // the folder may be gone with its server
  }
}

/** Writes the events of a played match one step at a time; what comes between two steps comes with the second. */
async function show(file: string, events: readonly RecordEvent[], pace: number, signal: AbortSignal) {
  let lines = ''
  for (const event of events) {
    lines += writeLine(event)
    if (event.type === 'turn') continue
    await appendFile(file, lines)
    lines = ''
    await sleep(pace, undefined, { signal })
  }
}

/** An exhibition in a thread of its own, so that playing never delays the server, and in a folder of its own. */
export class Exhibition {
  /** The folder that holds its run folder; gone when it is closed. */
  readonly runs: string
  private worker: Worker | null = null

  private constructor(runs: string) {
    this.runs = runs
  }

  /** Also clears away what exhibitions of processes that were killed left behind. */
  static async prepare(): Promise<Exhibition> {
    for (const name of await readdir(tmpdir())) {
      const owner = /^kickpush-exhibition-(\d+)-/.exec(name)
      if (owner && !runs(Number(owner[1])))
        await rm(path.join(tmpdir(), name), { recursive: true, force: true })
    }
    return new Exhibition(await mkdtemp(path.join(tmpdir(), `kickpush-exhibition-${process.pid}-`)))
  }

  open({ entry, programme }: ExhibitionEntry, log: (line: string) => void): void {
    const workerData = { folder: path.join(this.runs, EXHIBITION), programme }
    this.worker = startThread({ entry, data: workerData })
    this.worker.on('error', (error) => log(`exhibition: ${error.message}`))
    this.worker.unref()
  }

  async close(): Promise<void> {
    await this.worker?.terminate()
    await rm(this.runs, { recursive: true, force: true })
  }
}

/** Whether a process is there. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
