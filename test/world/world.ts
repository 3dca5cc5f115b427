import type { Recipe } from '#agent/recipe/recipe'
import { train } from '#agent/trainer/train'
import { UserError } from '#core/base/errors'
import { type Store, StoreError } from '#core/base/store'
import { envs } from '#envs'
import type { Clock } from '#server/clock'
import { handle } from '#server/http'
import { Hub } from '#server/hub'
import { HAND, keepRecord } from '#server/records'
import { Runs } from '#server/runs'
import { Slices } from '#server/slices'
import { Dice } from './dice.ts'
import { CALM, Disk } from './disk.ts'
import { type Finding, judgeRecords, judgeRun } from './judge.ts'
import { hostOf, recipes } from './learner.ts'
import { Network, QUIET, TOKEN } from './network.ts'
import { Page } from './page.ts'
import { type Plan, planOf, TROUBLES, type Trouble } from './plan.ts'
import { never, Process, Scheduler } from './scheduler.ts'
import { ServerSockets } from './sockets.ts'
import { RUN, type Truth, truthOf } from './truth.ts'

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

/** Look-ups of episodes at one moment that are too many. */
const ENDLESS = 1_000
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
    const { pace, span, pages } = this.#plan
    const over = () => this.#violation !== null
    this.#say(`plan ${JSON.stringify(this.#plan)}`)
    Object.assign(this.#disk.faults, this.#plan.disk)
    Object.assign(this.#network.faults, this.#plan.network)
    this.#serve()
    this.#teach()
    for (let i = 0; i < pages; i++) this.#openPage()
    for (const trouble of TROUBLES) void this.#troubles(trouble)
    await this.scheduler.run(span, () => over() || this.#done)
    // For a while after the end, too.
    await this.scheduler.run(this.#dice.between(100, 60_000), over)

    this.#say('calm')
    this.#calm = true
    Object.assign(this.#disk.faults, CALM)
    Object.assign(this.#network.faults, QUIET)
    if (!this.#server?.alive) this.#serve()
    // A second writer may have come after the end, and died at its work: somebody looks after it.
    this.#rival?.kill()
    if (this.#done && this.#rival) {
      this.#done = false
      this.#teach()
    }
    await this.scheduler.run(PATIENCE.ms + PATIENCE.paces * pace, () => over() || this.#done)
    if (!over() && !this.#done)
      this.broken('every run ends', 'the run is not done though nothing disturbs it')
    const found = over() ? null : this.#judge()
    if (found) this.broken(...found)
    for (const page of this.#pages) {
      for (const [episode] of this.#truths[1].episodes) page.watch(`${RUN}/${episode}`)
    }
    await this.scheduler.run(PATIENCE.ms, () => over() || this.#missing() === null)
    const missing = over() ? null : this.#missing()
    if (missing !== null) this.broken('no event is lost or doubled', missing)
    if (!over()) await this.#list()
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
    this.#watchFor(runs)
    const sockets = new ServerSockets(this.#network)
    const hub = new Hub(sockets.io, runs, log, { clock })
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

  /** Work that goes on at one moment without end would end the world: nothing else came to pass any more. */
  #watchFor(runs: Runs): void {
    const find = runs.find.bind(runs)
    let moment = -1
    let asked = 0
    runs.find = (id) => {
      asked = this.scheduler.events === moment ? asked + 1 : 0
      moment = this.scheduler.events
      if (asked < ENDLESS) return find(id)
      this.broken('nothing hangs', `${id} is looked up again and again`)
      return never()
    }
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
      else {
        // Whoever has changed the settings back has a run of those.
        const found = judgeRun(this.#disk, this.#truths[0])
        if (found) this.broken(...found)
        learner.kill()
      }
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

  /** What is wrong with what is on the disk. */
  #judge(): Finding | null {
    const acknowledged = this.#pages.flatMap((page) => page.uploaded)
    return judgeRun(this.#disk, this.#truths[1]) ?? judgeRecords(this.#disk, acknowledged)
  }

  /** What the server lists must be what there is. */
  async #list(): Promise<void> {
    const due = [...this.#truths[1].episodes.keys()].map((episode) => `${RUN}/${episode}`).sort()
    const process = new Process(this.scheduler, 'list')
    let listed: string[] | null = null
    void this.#network.ask(process, `/api/episodes?run=${RUN}&limit=500`).then(({ body }) => {
      listed = JSON.parse(body).episodes.map(({ id }: { id: string }) => id)
    })
    await this.scheduler.run(PATIENCE.ms, () => listed !== null)
    if (JSON.stringify((listed ?? []).sort()) !== JSON.stringify(due))
      this.broken('what is listed is there', `${listed} instead of ${due}`)
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

const told = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
