import type { Store } from '#core/base/store'
import type { EpisodeSummary, RunSummary } from '#core/record/wire'
import { type Clock, systemClock } from './clock.ts'
import type { Entry } from './episodes.ts'
import { FollowedRun, type RunListener } from './folder.ts'

/** How often (ms) a run being written is looked at: the tick of the whole stream. */
export const TICK = 100
const IDLE_TICK = 2_000
const DISCOVERY = 300

/** An episode and the run it belongs to. */
export interface Found {
  readonly folder: FollowedRun
  readonly entry: Entry
}

/**
 * Every run under some folders, found and followed while it is written. Learners and watchers share nothing
 * but these folders, so it does not matter which process, thread or year writes them.
 */
export class Runs {
  private readonly roots: readonly Store[]
  private readonly clock: Clock
  private listener: RunListener | null = null
  private readonly folders = new Map<string, FollowedRun>()
  private readonly stop = new AbortController()
  private readonly loops = new Set<Promise<void>>()
  private tellFound: () => void = () => {}
  /** Every folder there was at the beginning is known. */
  private readonly found = new Promise<void>((resolve) => {
    this.tellFound = resolve
  })

  /** @param roots stores whose folders are runs; there may be none yet. */
  constructor(roots: readonly Store[], clock: Clock = systemClock) {
    this.roots = roots
    this.clock = clock
  }

  /** Begins to follow; resolves when every run folder was found, though not yet read. */
  async open(listener: RunListener): Promise<void> {
    this.listener = listener
    const found = await this.discover(listener)
    this.tellFound()
    this.spawn(this.readInTurn(found))
    this.spawn(this.keepDiscovering(listener))
  }

  async close(): Promise<void> {
    this.stop.abort()
    await Promise.all(this.loops)
  }

  /** Runs that can be shown, newest first. */
  list(): RunSummary[] {
    return this.newestFirst().map((folder) => folder.summary())
  }

  /** A run by its id. Who asks while the server begins gets an answer as good as later: it is read first. */
  async get(run: string): Promise<FollowedRun | undefined> {
    await this.found
    const folder = this.folders.get(run)
    if (folder && !folder.scanned) await folder.poll(this.stop.signal).catch(ignore)
    return folder?.info ? folder : undefined
  }

  /** The episode of a wire id (`<run>/<episode>`). */
  async find(id: string): Promise<Found | undefined> {
    const slash = id.indexOf('/')
    const folder = await this.get(id.slice(0, slash))
    const entry = folder?.index.entries.get(id.slice(slash + 1))
    return folder && entry ? { folder, entry } : undefined
  }

  /** Takes up what was written to a run until now, without waiting for its tick. */
  async refresh(run: string): Promise<void> {
    const fresh = this.listener ? await this.discover(this.listener) : []
    for (const folder of fresh) this.spawn(this.follow(folder))
    // A reading that is under way may have passed the place: the second one begins after now.
    for (let i = 0; i < 2; i++) await this.folders.get(run)?.poll(this.stop.signal)
  }

  /** Every episode, oldest first. */
  *episodes(): Generator<Found> {
    for (const folder of this.newestFirst().reverse()) {
      for (const entry of folder.index.entries.values()) yield { folder, entry }
    }
  }

  /** Live episodes and those that ended last, at most `limit`, live ones first. */
  wall(limit: number): EpisodeSummary[] {
    const live: Found[] = []
    const ended: Found[] = []
    for (const folder of this.newestFirst()) {
      const recent = [...folder.index.entries.values()].slice(-4 * limit)
      for (const entry of recent) (folder.isLive(entry) ? live : ended).push({ folder, entry })
    }
    live.sort((a, b) => b.entry.touched - a.entry.touched)
    ended.sort((a, b) => b.entry.touched - a.entry.touched)
    return [...live, ...ended].slice(0, limit).map(({ folder, entry }) => folder.episode(entry))
  }

  /** What is only on show is always being written, and comes last. */
  private newestFirst(): FollowedRun[] {
    const shown = (folder: FollowedRun) => Number(folder.info?.kind === 'exhibition')
    return [...this.folders.values()]
      .filter(({ info }) => info)
      .sort((a, b) => shown(a) - shown(b) || b.touched - a.touched)
  }

  private async discover(listener: RunListener): Promise<FollowedRun[]> {
    const fresh: FollowedRun[] = []
    for (const root of this.roots) {
      for (const name of await root.list('').catch(() => [])) {
        if (this.folders.has(name)) continue
        const found = await root.stat(`${name}/run.json`).catch(() => null)
        if (!found || this.folders.has(name)) continue
        const folder = new FollowedRun(name, root, listener, this.clock)
        folder.touched = found.changed
        this.folders.set(folder.id, folder)
        fresh.push(folder)
      }
    }
    return fresh.sort((a, b) => b.touched - a.touched)
  }

  private async keepDiscovering(listener: RunListener): Promise<void> {
    while (await this.pause(DISCOVERY)) {
      for (const folder of await this.discover(listener)) this.spawn(this.follow(folder))
    }
  }

  /** Old archives are read one after the other, the newest first, so that none starves what is live. */
  private async readInTurn(folders: readonly FollowedRun[]): Promise<void> {
    for (const folder of folders) {
      if (this.stop.signal.aborted) return
      await folder.poll(this.stop.signal).catch(ignore)
      this.spawn(this.follow(folder))
    }
  }

  private async follow(folder: FollowedRun): Promise<void> {
    for (;;) {
      const began = this.clock.elapsed()
      await folder.poll(this.stop.signal).catch(ignore)
      if (!(await folder.present().catch(() => true))) {
        this.folders.delete(folder.id)
        return
      }
      const tick = folder.live ? TICK : IDLE_TICK + 10 * this.folders.size
      if (!(await this.pause(Math.max(TICK / 5, tick - (this.clock.elapsed() - began))))) return
    }
  }

  /** False when there is no more to wait for. */
  private pause(ms: number): Promise<boolean> {
    return this.clock.sleep(ms, this.stop.signal)
  }

  private spawn(loop: Promise<void>): void {
    this.loops.add(loop)
    loop.finally(() => this.loops.delete(loop))
  }
}

/** A disk that fails now may answer at the next tick; what is read by then stays valid. */
function ignore(): void {}
