import type { RecordEvent } from '#core/record/record'
import type { MetricsRow } from '#core/record/run'
import { Link } from '../../client/net/link.ts'
import type { Dice } from './dice.ts'
import type { Network } from './network.ts'
import { Process } from './scheduler.ts'
import { RUN, rowWithoutClock, type Truth } from './truth.ts'

/** What a page has been told of an episode since it last began. */
interface View {
  told: number
  live: boolean
  failed: string | null
  /** Runs whose episode it may still be. */
  of: readonly Truth[]
  stop(): void
}

/** A page with the client's own link, whoever looks at it and what must be true of what they are told. */
export class Page {
  readonly process: Process
  /** Ids of the records that it was told are kept. */
  readonly uploaded: string[] = []
  readonly #network: Network
  readonly #dice: Dice
  readonly #truths: readonly Truth[]
  readonly #link: Link
  readonly #broken: (promise: string, detail: string) => void
  readonly #views = new Map<string, View>()
  #wall: readonly { readonly id: string; readonly live: boolean }[] = []
  #rows = 0
  #status = ''

  constructor(
    network: Network,
    dice: Dice,
    name: string,
    truths: readonly Truth[],
    broken: (promise: string, detail: string) => void,
  ) {
    this.process = new Process(network.scheduler, name)
    this.#network = network
    this.#dice = dice
    this.#truths = truths
    this.#broken = (promise, detail) => broken(promise, `${name}: ${detail}`)
    this.#link = new Link(network.wires(this.process))
  }

  /** Opens the page and looks around until it is closed; `pace` is about how long (ms) one looks at a thing. */
  open(pace: number): void {
    this.#link.connect()
    this.#link.watchWall((episodes) => {
      this.#wall = episodes.filter(({ run }) => run === RUN)
    })
    this.#link.watchRun(RUN, {
      rows: (rows) => this.#takeRows(rows),
      info: ({ status }) => {
        this.#status = status
      },
    })
    // Some look around and come back to what they left; others stay with what they see, and rely on it.
    const restless = this.#dice.chance(0.4)
    const look = async (): Promise<never> => {
      for (;;) {
        await this.process.sleep(this.#dice.between(pace / 16, pace / 2))
        const shown = this.#wall.filter(({ id }) => !this.#views.has(id))
        const live = shown.filter((one) => one.live)
        const views = [...this.#views.keys()]
        // What happens now is looked at first, and somebody who leaves it may be back before the server knows.
        if (live.length > 0 && this.#dice.chance(0.8)) {
          if (restless && views.length >= 6) this.#leave(this.#dice.pick(views))
          if (this.#views.size < 12) this.watch(this.#dice.pick(live).id)
        } else if (shown.length > 0 && views.length < 6) this.watch(this.#dice.pick(shown).id)
        else if (restless && this.#dice.chance(0.3) && views.length > 0) this.#leave(this.#dice.pick(views))
        if (restless && views.length > 0 && this.#dice.chance(0.5)) this.#comeBack(this.#dice.pick(views))
        if (this.#dice.chance(0.1)) void this.#download()
        if (this.#dice.chance(0.1)) void this.#upload()
      }
    }
    void look()
  }

  watch(id: string): void {
    if (this.#views.has(id)) return
    const episode = id.slice(RUN.length + 1)
    const all = this.#truths.filter(({ episodes }) => episodes.has(episode))
    const view: View = { told: 0, live: true, failed: null, of: all, stop: () => {} }
    this.#views.set(id, view)
    view.stop = this.#link.watchEpisode(id, {
      restart: () => {
        view.told = 0
        view.of = all
      },
      events: (events, live) => this.#takeEvents(view, episode, events, live),
      failed: (message) => {
        view.failed = message
      },
    })
  }

  /** @returns what is missing of what everyone should have been told by now; null when nothing is. */
  missing(final: Truth): string | null {
    for (const [id, { told, live, failed, of }] of this.#views) {
      const episode = id.slice(RUN.length + 1)
      const events = final.episodes.get(episode) ?? []
      const said = failed === null ? '' : ` (told: ${failed})`
      // What was over is followed no more: played again with other settings, it stays as it was shown.
      const whole = [final, ...of].some(({ episodes }) => episodes.get(episode)?.length === told)
      if (!whole) return `${id}: ${told} of ${events.length} events${said}`
      if (live) return `${id} is over, and still shown as live`
    }
    if (this.#rows !== final.rows.length) return `${this.#rows} of ${final.rows.length} rows`
    if (this.#status !== 'done') return `the run is done, and shown as ${this.#status || 'nothing'}`
    return null
  }

  #leave(id: string): void {
    this.#views.get(id)?.stop()
    this.#views.delete(id)
  }

  #comeBack(id: string): void {
    this.#leave(id)
    this.watch(id)
  }

  #takeEvents(view: View, episode: string, events: readonly RecordEvent[], live: boolean): void {
    view.live = live
    view.failed = null
    for (const event of events) {
      const line = JSON.stringify(event)
      const of = view.of.filter(({ episodes }) => episodes.get(episode)?.[view.told] === line)
      if (of.length === 0) {
        const due = view.of[0]?.episodes.get(episode)
        const how = due?.slice(0, view.told).includes(line)
          ? 'twice'
          : due?.includes(line)
            ? 'too early'
            : 'wrong'
        this.#broken('no event is lost or doubled', `${episode}: ${how}, at ${view.told}: ${line}`)
        return
      }
      view.of = of
      view.told++
    }
  }

  #takeRows(rows: readonly MetricsRow[]): void {
    for (const row of rows) {
      const line = rowWithoutClock(JSON.stringify(row))
      if (!this.#truths.some(({ rows }) => rows[this.#rows] === line)) {
        this.#broken('no row is lost or doubled', `row ${this.#rows}: ${line}`)
        return
      }
      this.#rows++
    }
  }

  /** Hands in a record, which may be kept or not; what was acknowledged must be. */
  async #upload(): Promise<void> {
    const [truth] = this.#truths
    const events = truth.episodes.get(this.#dice.pick([...truth.episodes.keys()])) ?? []
    const text = events.map((line) => `${line}\n`).join('')
    const answer = await this.#network.ask(this.process, '/api/records', text).catch(() => null)
    if (answer?.status === 200) this.uploaded.push(JSON.parse(answer.body).id)
    else if (answer?.status === 400) this.#broken('every record verifies', `refused: ${answer.body}`)
  }

  /** Takes home a record: a beginning of what was played. */
  async #download(): Promise<void> {
    const [id] = this.#views.keys()
    if (id === undefined) return
    const url = `/api/episodes/${encodeURIComponent(id)}/record`
    const { status, body } = await this.#network.ask(this.process, url).catch(() => ({ status: 0, body: '' }))
    if (status !== 200) return
    const lines = body.trimEnd().split('\n')
    const due = this.#truths.map(({ episodes }) => episodes.get(id.slice(RUN.length + 1)) ?? [])
    const whole = due.some((events) => body !== '' && lines.every((line, i) => events[i] === line))
    if (!whole) this.#broken('every record verifies', `${id}: ${body.slice(0, 300)}`)
  }
}
