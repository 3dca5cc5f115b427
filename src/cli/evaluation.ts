import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { Result } from '#agent/evaluation/evaluate'
import { UserError } from '#core/base/errors'
import { type Lock, readText } from '#core/base/store'
import { KICKPUSH } from '#core/base/version'
import { hashObservation } from '#core/env/observe'
import type { Policy, Request, Response } from '#core/play/policy'
import { readRecord, writeLine } from '#core/record/jsonl'
import type { RecordEvent, TurnEvent } from '#core/record/record'
import { RunInfo } from '#core/record/run'
import { FileStore } from '#stores/files'

const EPISODES_PER_SEGMENT = 100
/** The part of an evaluation that has one: it is not named in rows and files. */
const ALONE = 'eval'
const Row = Result.extend({ part: z.string().optional() })
type Row = z.infer<typeof Row>

/** Everything that the results of an evaluation depend on, for people to compare. */
export type Settings = Readonly<Record<string, unknown>>

/**
 * A run folder that holds an evaluation of one part or several (arms, players): run.json with its settings, results.jsonl
 * with a row per episode, and episodes/ with their records. Whatever ends it, what was answered is not asked again.
 */
export class EvaluationFolder {
  /** What came of the episodes that were played to their end, by name. */
  private readonly results = new Map<string, Result>()
  private readonly store: FileStore
  private readonly lock: Lock
  private readonly info: RunInfo
  /** Answers of episodes that were not ended, by episode, seat and turn. */
  private readonly answers = new Map<string, TurnEvent>()
  private readonly pending = new Map<string, string>()
  /** Bytes of records that may still be written, of a folder that nobody asked for. */
  private room = Number.POSITIVE_INFINITY
  private readonly left = new Set<string>()
  private written: Promise<void> = Promise.resolve()

  private constructor(store: FileStore, lock: Lock, info: RunInfo) {
    this.store = store
    this.lock = lock
    this.info = info
  }

  /**
   * @param command what is done here: `eval`, `compare` or `arena`.
   * @param resume go on with what is there.
   * @param unasked nobody named it: it holds so many bytes of records, and says so.
   * @throws UserError when there is one already, or one of other settings; StoreError when it cannot be written.
   */
  static async open(
    folder: string,
    command: string,
    settings: Settings,
    envs: RunInfo['envs'],
    resume: boolean,
    unasked?: number,
  ): Promise<EvaluationFolder> {
    const store = new FileStore(folder)
    const lock = await store.lock()
    try {
      const text = await readText(store, 'run.json')
      if (text !== null) checkSame(folder, text, command, settings, resume)
      const info: RunInfo = {
        format: 1,
        id: basename(folder),
        kind: 'evaluation',
        kickpush: KICKPUSH,
        recipe: command,
        seed: String(settings.seed),
        backend: '',
        stages: [],
        status: 'running',
        envs,
        settings,
        ...(unasked !== undefined && { unasked: true }),
      }
      const opened = new EvaluationFolder(store, lock, info)
      if (unasked !== undefined) opened.room = unasked
      await store.write('run.json', JSON.stringify(info, null, 2))
      if (text !== null) await opened.takeUp()
      return opened
    } catch (error) {
      await lock.release()
      throw error
    }
  }

  /**
   * The policy that says again what it said in episodes that were not ended, where it draws no numbers of ours. Between
   * its answers signals reach us.
   */
  remembering(policy: Policy): Policy {
    const known = (request: Request): TurnEvent | undefined => {
      if (policy.sideBySide === undefined) return undefined
      const { episode, seat, turn, observation } = request
      const event = this.answers.get(keyOf(episode, seat, turn))
      return event?.observation.hash === hashObservation(observation) ? event : undefined
    }
    return {
      ...policy,
      act: async (requests) => {
        await setImmediate()
        // Before more is asked, what was answered is on disk: a kill costs what is in flight, and no more.
        await this.written
        const events = requests.map(known)
        const asked = requests.filter((_, i) => !events[i])
        const said = asked.length > 0 ? [...(await policy.act(asked))] : []
        return requests.map((request, i) => (events[i] ? responseOf(events[i], request) : said.shift()!))
      },
    }
  }

  /** What came of an episode that was played to its end before; undefined where none was. */
  result(part: string, index: number): Result | undefined {
    return this.results.get(nameOf(part, index))
  }

  /** Takes an event of an episode. */
  event(part: string, index: number, event: RecordEvent): void {
    // Whole episodes are left out, never parts of one.
    if (event.type === 'start' && this.room <= 0) this.left.add(event.episode)
    if (this.left.has(event.episode)) return
    const line = writeLine(event)
    this.room -= line.length
    const segment = Math.floor(index / EPISODES_PER_SEGMENT)
    this.append(`episodes/${part === ALONE ? segment : nameOf(part, segment)}.jsonl`, line)
  }

  /** Takes what came of an episode. */
  add(part: string, result: Result): void {
    this.append('results.jsonl', lineOf(part, result))
  }

  /** @throws StoreError when something could not be written. */
  async close(status: RunInfo['status'], reason?: string): Promise<void> {
    try {
      await this.written
      const info = { ...this.info, status, ...(reason !== undefined && { reason }) }
      await this.store.write('run.json', JSON.stringify(info, null, 2))
    } finally {
      await this.lock.release()
    }
  }

  /** What comes while something is being written is written together afterwards. */
  private append(file: string, text: string): void {
    this.pending.set(file, (this.pending.get(file) ?? '') + text)
    if (this.pending.size > 1 || this.pending.get(file) !== text) return
    this.written = this.written.then(async () => {
      const lines = [...this.pending]
      this.pending.clear()
      // Results last: a row says that its episode is whole.
      for (const [name, text] of lines.sort()) await this.store.append(name, text)
    })
    this.written.catch(() => {}) // told by close
  }

  /** Reads what was played, and leaves only episodes that were played to their end. */
  private async takeUp(): Promise<void> {
    const rows = ((await readText(this.store, 'results.jsonl')) ?? '').split('\n')
    const kept: string[] = []
    for (const row of rows) {
      const { part = ALONE, ...result } = resultOn(row) ?? { failed: 'torn' }
      if (result.failed !== undefined) continue
      const name = nameOf(part, (result as Result).index)
      if (this.results.has(name)) continue
      this.results.set(name, result as Result)
      kept.push(lineOf(part, result as Result))
    }
    if (rows.length - 1 !== kept.length) await this.store.write('results.jsonl', kept.join(''))
    const ended = new Set(this.results.keys())
    for (const name of await this.store.list('episodes')) {
      const file = `episodes/${name}`
      const text = (await readText(this.store, file)) ?? ''
      const { events } = readRecord(text)
      const whole = events.filter(({ event }) => ended.has(event.episode))
      const lines = whole.map(({ event }) => writeLine(event)).join('')
      for (const { event } of events)
        if (event.type === 'turn' && !ended.has(event.episode)) this.remember(event)
      if (lines !== text) await this.store.write(file, lines)
    }
  }

  private remember(turn: TurnEvent): void {
    if (turn.end !== 'failed') this.answers.set(keyOf(turn.episode, turn.seat, turn.turn), turn)
  }
}

const nameOf = (part: string, index: number): string => `${part}-${index}`

const lineOf = (part: string, result: Result): string =>
  `${JSON.stringify(part === ALONE ? result : { part, ...result })}\n`

const keyOf = (episode: string, seat: number, turn: number): string => `${episode} ${seat} ${turn}`

function responseOf(turn: TurnEvent, { env, state }: Request): Response {
  const names = env.actions(state.config)
  const { valid, format, end, reason, response: text, thought, reasoning, usage } = turn
  return {
    valid,
    actions: turn.actions.map((name) => names.indexOf(name)),
    ...{ format, end, reason, text, thought, reasoning, usage },
  }
}

function resultOn(row: string): Row | undefined {
  try {
    return Row.safeParse(JSON.parse(row)).data
  } catch {
    return undefined // torn: the episode is played again, from its answers
  }
}

function checkSame(folder: string, text: string, command: string, settings: Settings, resume: boolean): void {
  if (!resume) throw new UserError(`'${folder}' holds a run: go on with --resume, or choose another --out`)
  let info: RunInfo | undefined
  try {
    info = RunInfo.safeParse(JSON.parse(text)).data
  } catch {
    info = undefined
  }
  if (info?.kind !== 'evaluation') throw new UserError(`'${folder}' holds no evaluation that could go on`)
  if (info.recipe !== command) {
    throw new UserError(`'${folder}' was begun by 'kickpush ${info.recipe}', not by 'kickpush ${command}'`)
  }
  const before = info.settings as Settings
  const wanted = JSON.parse(JSON.stringify(settings)) as Settings
  for (const key of new Set([...Object.keys(before), ...Object.keys(wanted)])) {
    const [then, now] = [before[key], wanted[key]].map((value) => JSON.stringify(value) ?? 'none')
    if (then !== now) {
      throw new UserError(
        `'${folder}' was begun with another ${key}: ${then.slice(0, 60)}, not ${now.slice(0, 60)}`,
      )
    }
  }
}
