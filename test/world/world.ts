import type { Recipe } from '#agent/trainer/recipe'
import { train } from '#agent/trainer/train'
import { UserError } from '#core/errors'
import { type Store, StoreError } from '#core/store'
import { verifyRecord } from '#core/verify'
import { envs } from '#envs'
import type { Clock } from '#server/clock'
import { handle } from '#server/http'
import { Hub } from '#server/hub'
import { HAND, keepRecord } from '#server/records'
import { Runs } from '#server/runs'
import { Slices } from '#server/slices'
import { Dice } from './dice.ts'
import { CALM, Disk, type DiskFaults } from './disk.ts'
import { hostOf, recipes } from './learner.ts'
import { Network, type NetworkFaults, QUIET, ServerSockets, TOKEN } from './network.ts'
import { Page } from './page.ts'
import { Process, Scheduler } from './scheduler.ts'
import { RUN, type Truth, truthOf, withoutClocks } from './truth.ts'

/** A promise that did not hold. */
export interface Violation {
  readonly promise: string
  readonly detail: string
  /** Simulated milliseconds since the world began. */
  readonly at: number
}

/** What came of a world. */
export interface Verdict {
  readonly seed: number
  readonly violation: Violation | null
  /** Simulated. */
  readonly hours: number
  readonly events: number
  /** What happened to it, by name. */
  readonly counts: Readonly<Record<string, number>>
}

/** What a world's troubles are like; drawn per seed, most of them off, so that each is also seen alone. */
interface Plan {
  /** Most milliseconds between two things that the learner does. */
  readonly pace: number
  readonly disk: DiskFaults
  readonly network: NetworkFaults
  /** Mean milliseconds between troubles of a kind; infinite for none. */
  readonly every: Readonly<Record<Trouble, number>>
  readonly pages: number
}
const TROUBLES = ['kill', 'stop', 'restart', 'crash', 'jump', 'full', 'outage', 'rival', 'reload'] as const
type Trouble = (typeof TROUBLES)[number]

/** Troubles come for so many of the learner's paces at most; then all is calm, and the end must be right. */
const PACES = 200
/** When all is calm a run must end, and pages must know of it, within this time (ms) and so many paces. */
const PATIENCE = { ms: 900_000, paces: 400 }

/** Lives through the world of a seed. The same seed gives the same world. */
export async function live(seed: number, log: (line: string) => void = () => {}): Promise<Verdict> {
  const { begun, resumed } = recipes(seed)
  const truths: Truth[] = []
  try {
    truths.push(await truthOf(begun), await truthOf(resumed))
  } catch (error) {
    const violation = { promise: 'an undisturbed run ends', detail: told(error), at: 0 }
    return { seed, violation, hours: 0, events: 0, counts: {} }
  }
  const world = new World(seed, begun, resumed, truths, log)
  // What the learner's stopwatch and stray promises tell belongs to this world.
  const { now } = performance
  performance.now = () => world.scheduler.now
  const stray = (error: unknown) => world.broken('nothing escapes', told(error))
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', stray)
  try {
    return await world.run()
  } finally {
    performance.now = now
    process.off('unhandledRejection', stray)
    for (const other of others) process.on('unhandledRejection', other)
  }
}

class World {
  readonly scheduler = new Scheduler()
  readonly #seed: number
  readonly #begun: Recipe
  readonly #resumed: Recipe
  readonly #truths: readonly Truth[]
  readonly #log: (line: string) => void
  readonly #dice: Dice
  readonly #plan: Plan
  readonly #disk: Disk
  readonly #network: Network
  readonly #counts: Record<string, number> = {}
  #violation: Violation | null = null
  #calm = false
  #learner: Process | null = null
  #stop = new AbortController()
  #rival: Process | null = null
  #server: Process | null = null
  #pages: Page[] = []
  #opened = 0
  /** Update of the newest checkpoint that was finished. */
  #checkpoint = 0
  #done = false

  constructor(
    seed: number,
    begun: Recipe,
    resumed: Recipe,
    truths: readonly Truth[],
    log: (line: string) => void,
  ) {
    this.#seed = seed
    this.#begun = begun
    this.#resumed = resumed
    this.#truths = truths
    this.#log = log
    this.#dice = new Dice(`${seed}/world`)
    this.#plan = planOf(new Dice(`${seed}/plan`))
    this.#disk = new Disk(this.scheduler, new Dice(`${seed}/disk`))
    this.#network = new Network(this.scheduler, new Dice(`${seed}/network`))
  }

  broken(promise: string, detail: string): void {
    if (this.#violation) return
    this.#violation = { promise, detail, at: this.scheduler.now }
    this.#say(`BROKEN ${promise}: ${detail}`)
  }

  async run(): Promise<Verdict> {
    const { pace, pages } = this.#plan
    const over = () => this.#violation !== null
    this.#say(`plan ${JSON.stringify(this.#plan)}`)
    Object.assign(this.#disk.faults, this.#plan.disk)
    Object.assign(this.#network.faults, this.#plan.network)
    this.#serve()
    this.#teach()
    for (let i = 0; i < pages; i++) this.#openPage()
    for (const trouble of TROUBLES) void this.#troubles(trouble)
    await this.scheduler.run(PACES * pace, () => over() || this.#done)
    // For a while after the end, too.
    await this.scheduler.run(this.#dice.between(100, 60_000), over)

    this.#say('calm')
    this.#calm = true
    Object.assign(this.#disk.faults, CALM)
    Object.assign(this.#network.faults, QUIET)
    if (!this.#server?.alive) this.#serve()
    await this.scheduler.run(PATIENCE.ms + PATIENCE.paces * pace, () => over() || this.#done)
    if (!over() && !this.#done)
      this.broken('every run ends', 'the run is not done though nothing disturbs it')
    this.#judgeFiles()
    this.#judgeUploads()
    for (const page of this.#pages) {
      for (const [episode] of this.#truths[1].episodes) page.watch(`${RUN}/${episode}`)
    }
    await this.scheduler.run(PATIENCE.ms, () => over() || this.#missing() === null)
    const missing = over() ? null : this.#missing()
    if (missing !== null) this.broken('no event is lost or doubled', missing)
    return {
      seed: this.#seed,
      violation: this.#violation,
      hours: this.scheduler.now / 3_600_000,
      events: this.scheduler.events,
      counts: this.#counts,
    }
  }

  /** A server's process: the server's own code over this disk, this network and this time. */
  #serve(): void {
    const server = new Process(this.scheduler, 'server')
    this.#server = server
    this.#count('servers')
    const clock: Clock = {
      now: () => this.scheduler.wall(),
      elapsed: () => this.scheduler.now,
      sleep: (ms, signal) => server.sleep(ms).then(() => !signal.aborted),
    }
    const log = (line: string) => {
      if (!/StoreError/.test(line)) this.broken('nothing escapes', line)
    }
    const root = this.#disk.store('runs', server)
    const runs = new Runs([root], clock)
    const sockets = new ServerSockets(this.#network)
    const hub = new Hub(sockets.io, runs, log, clock)
    const requests = { take: () => true }
    const site = {
      runs,
      pages: {},
      access: { token: TOKEN },
      origins: [],
      requests,
      slices: new Slices(),
      keep: async (_: string, record: Uint8Array) => {
        const name = await keepRecord(root, new TextDecoder().decode(record), envs)
        await runs.refresh(HAND)
        return `${HAND}/${name}`
      },
      log,
    } as unknown as Parameters<typeof handle>[0]
    this.#network.listen(server, sockets, (request, response) => handle(site, request, response))
    void runs.open(hub)
  }

  /** A learner's process, and whoever begins it again until its run is done. */
  #teach(): void {
    const learner = new Process(this.scheduler, `learner ${this.#count('learners')}`)
    this.#learner = learner
    this.#stop = new AbortController()
    const calm = this.#calm
    const again = (error: unknown) => {
      this.#say(`${learner.name}: ${told(error)}`)
      // A disk may refuse anything while there is trouble, and whoever asks may stop.
      const refused = error instanceof StoreError || told(error).includes('already holds a run')
      const excused = !calm && (refused || error === this.#stop.signal.reason)
      if (!excused) this.broken('a run can always be resumed', told(error))
      learner.kill()
    }
    learner.atEnd(() => {
      const wait = this.#calm ? 1000 : this.#dice.between(100, 4 * this.#plan.pace)
      this.scheduler.after(wait, () => {
        if (!this.#done) this.#teach()
      })
    })
    const recipe = this.#calm || this.#dice.chance(0.5) ? this.#resumed : this.#begun
    this.#train(learner, recipe, this.#stop.signal).then(() => {
      this.#say(`${learner.name}: done`)
      if (recipe === this.#resumed) this.#done = true
      else learner.kill()
    }, again)
  }

  async #train(learner: Process, recipe: Recipe, signal: AbortSignal): Promise<void> {
    const disk = this.#disk.store(`runs/${RUN}`, learner)
    const store: Store = {
      ...disk,
      write: async (file, content) => {
        await disk.write(file, content)
        const update = /^checkpoints\/(\d+)\/progress.json$/.exec(file)?.[1]
        if (update !== undefined) this.#checkpoint = Math.max(this.#checkpoint, Number(update))
      },
    }
    const rest = () => learner.sleep(this.#dice.between(1, 1 + this.#plan.pace))
    const resume = (await store.stat('run.json')) !== null
    const onNote = (line: string) => {
      this.#say(`${learner.name}: ${line}`)
      const update = /^resumes at update (\d+)/.exec(line)?.[1]
      if (update !== undefined && Number(update) < this.#checkpoint) {
        this.broken('a checkpoint is kept', `${line}, after checkpoint ${this.#checkpoint}`)
      }
    }
    await train({
      recipe,
      store,
      run: RUN,
      resume,
      backend: 'cpu',
      host: hostOf(rest),
      signal,
      onNote,
    })
  }

  #openPage(): void {
    const number = ++this.#opened
    const name = `page ${number}`
    const dice = new Dice(`${this.#seed}/${name}`)
    const page = new Page(this.#network, dice, name, this.#truths, (promise, detail) =>
      this.broken(promise, detail),
    )
    this.#pages.push(page)
    page.open(Math.max(1_000, this.#plan.pace))
  }

  async #troubles(trouble: Trouble): Promise<void> {
    const mean = this.#plan.every[trouble]
    if (mean === Number.POSITIVE_INFINITY) return
    const nature = new Process(this.scheduler, 'nature')
    for (;;) {
      await nature.sleep(this.#dice.between(mean / 16, 2 * mean))
      if (this.#calm) return
      this.#say(trouble)
      this.#count(trouble)
      await this.#strike(trouble, nature)
    }
  }

  async #strike(trouble: Trouble, nature: Process): Promise<void> {
    const { pace, disk } = this.#plan
    const dice = this.#dice
    switch (trouble) {
      case 'kill':
        return this.#learner?.kill()
      case 'stop':
        return this.#stop.abort(new Error('stopped'))
      case 'restart':
        return this.#restart(nature)
      case 'crash':
        this.#learner?.kill()
        this.#rival?.kill()
        this.#server?.kill()
        this.#disk.crash()
        return this.#restart(nature)
      case 'jump':
        this.scheduler.offset += (dice.chance(0.5) ? 1 : -1) * dice.between(100, 100_000_000)
        return
      case 'full':
        this.#disk.faults.room = dice.below(3_000)
        await nature.sleep(dice.between(100, 8 * pace))
        this.#disk.faults.room = disk.room
        return
      case 'outage':
        this.#network.faults.down = true
        await nature.sleep(dice.between(100, 120_000))
        this.#network.faults.down = false
        return
      case 'rival': {
        const rival = new Process(this.scheduler, 'rival')
        this.#rival = rival
        nature.after(dice.between(10, 4 * pace), () => rival.kill())
        await this.#train(rival, this.#resumed, new AbortController().signal).catch((error) => {
          if (!(error instanceof UserError)) this.broken('a run has one writer', told(error))
        })
        return
      }
      case 'reload': {
        const page = this.#pages.shift()
        page?.process.kill()
        return this.#openPage()
      }
    }
  }

  async #restart(nature: Process): Promise<void> {
    this.#server?.kill()
    await nature.sleep(this.#dice.between(10, 20_000))
    if (!this.#server?.alive) this.#serve()
  }

  /** The run's folder must be that of an undisturbed run. */
  #judgeFiles(): void {
    if (this.#violation) return
    const due = new Map(this.#truths[1].files)
    for (const [path, bytes] of this.#disk.contents(`runs/${RUN}`)) {
      const found = withoutClocks(path, bytes)
      const right = due.get(path)
      due.delete(path)
      if (found === right || this.#violation) continue
      const wrong = path.startsWith('report')
        ? 'a report tells what was measured'
        : 'a resumed run ends equal'
      this.broken(
        wrong,
        right === undefined ? `${path} should not be there` : `${path}\n${diff(found, right)}`,
      )
    }
    const [missing] = due.keys()
    if (missing !== undefined) this.broken('a resumed run ends equal', `${missing} is missing`)
  }

  /** What a page was told is kept must be there and verify. */
  #judgeUploads(): void {
    const kept = new Map(this.#disk.contents(`runs/${HAND}/episodes`))
    for (const [name, bytes] of kept) {
      const { episodes, bad, torn } = verifyRecord(new TextDecoder().decode(bytes), envs)
      if (torn || bad.length > 0 || episodes[0]?.status !== 'agrees') {
        this.broken('every record verifies', `${HAND}/episodes/${name}`)
      }
    }
    for (const id of this.#pages.flatMap((page) => page.uploaded)) {
      const name = `${id.slice(HAND.length + 1)}.jsonl`
      if (!kept.has(name)) this.broken('what is kept stays', `${id} was acknowledged and is gone`)
    }
  }

  #missing(): string | null {
    for (const page of this.#pages) {
      const missing = page.missing(this.#truths[1])
      if (missing !== null) return `${page.process.name}: ${missing}`
    }
    return null
  }

  #count(what: string): number {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1
    return this.#counts[what]
  }

  #say(line: string): void {
    this.#log(`${(this.scheduler.now / 1000).toFixed(3).padStart(12)} ${line}`)
  }
}

function planOf(dice: Dice): Plan {
  const pace = dice.between(100, dice.chance(0.1) ? 300_000 : 20_000)
  const sometimes = <T>(share: number, on: () => T, off: T): T => (dice.chance(share) ? on() : off)
  const never = Number.POSITIVE_INFINITY
  return {
    pace,
    disk: {
      refusal: sometimes(0.4, () => dice.between(0.0001, 0.01), 0),
      slow: sometimes(0.5, () => dice.between(0.01, 0.5), 0),
      delay: sometimes(0.6, () => dice.between(2, 2_000), 1),
      pieces: sometimes(0.5, () => 0.5, 0),
      room: never,
    },
    network: {
      latency: sometimes(0.6, () => dice.between(5, 4_000), 1),
      loss: sometimes(0.4, () => dice.between(0.001, 0.1), 0),
      halfOpen: sometimes(0.5, () => 0.5, 0),
      weight: sometimes(0.3, () => dice.between(100, 10_000), 1),
      down: false,
    },
    every: {
      kill: sometimes(0.5, () => pace * dice.between(1, 40), never),
      stop: sometimes(0.3, () => pace * dice.between(2, 40), never),
      restart: sometimes(0.3, () => pace * dice.between(2, 40), never),
      crash: sometimes(0.3, () => pace * dice.between(2, 40), never),
      jump: sometimes(0.3, () => pace * dice.between(2, 40), never),
      full: sometimes(0.2, () => pace * dice.between(2, 40), never),
      outage: sometimes(0.3, () => pace * dice.between(2, 40), never),
      rival: sometimes(0.2, () => pace * dice.between(2, 40), never),
      reload: sometimes(0.3, () => pace * dice.between(2, 40), never),
    },
    pages: dice.below(3) + 1,
  }
}

const told = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** The first line that differs. */
function diff(found: string, right: string): string {
  const [a, b] = [found.split('\n'), right.split('\n')]
  const at = a.findIndex((line, i) => line !== b[i])
  return at < 0
    ? `it ends after line ${a.length} of ${b.length}`
    : `line ${at + 1}: ${a[at]}\ninstead of: ${b[at]}`
}
