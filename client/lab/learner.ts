import { stringify } from 'yaml'
import { watchMarks } from '#agent/golden/marks'
import { browserWith } from '#agent/hosts/browser/index'
import { parseRecipe, type Recipe } from '#agent/recipe/recipe'
import { RunFolder, recipeOfRun } from '#agent/trainer/folder'
import { train } from '#agent/trainer/train'
import { UserError } from '#core/base/errors'
import type { Store } from '#core/base/store'
import { games } from '../games.ts'
import type { LabState } from '../net/tab.ts'
import { parts } from './parts.ts'
import type { Place } from './places.ts'
import { Comparison } from './rerun.ts'

/** This page as a place to learn in, with the games that it has now. */
const hostNow = (onMemory: (bytes: number) => void) => {
  const memories: number[] = []
  return browserWith(
    { ...parts, envs: games.envs },
    {
      start: () => {
        const worker = new Worker(new URL('./replica.ts', import.meta.url), { type: 'module' })
        const { port1, port2 } = new MessageChannel()
        const mine = memories.push(0) - 1
        port1.onmessage = ({ data }: MessageEvent<number>) => {
          memories[mine] = data
          onMemory(memories.reduce((sum, bytes) => sum + bytes, 0))
        }
        worker.postMessage({ files: games.files, memory: port2 }, [port2])
        return worker
      },
    },
  )
}
const NOTES = 8

/** Trains one run at a time into the runs of this page. */
export class Learner {
  readonly #place: Place
  readonly #tell: (state: LabState) => void
  #state: LabState
  #stop: AbortController | null = null

  constructor(place: Place, tell: (state: LabState) => void) {
    this.#place = place
    this.#tell = tell
    this.#state = { kept: place.kept, training: null, failure: '', notes: [], rerun: null }
  }

  /** Begins a run; gives its name. @throws UserError for a bad recipe, or while another run learns. */
  async train(text: string, backend: string): Promise<string> {
    const recipe = parseRecipe(text, [], 'recipe')
    return this.#begin(recipe, await this.#freeName(recipe.name), backend)
  }

  /** Goes on with a run that was paused, or whose page was closed. */
  async resume(run: string): Promise<void> {
    const store = this.#place.run(run)
    const info = await new RunFolder(store).readInfo()
    if (!info) throw new UserError(`there is no run '${run}' in this browser`)
    await this.#begin(recipeOfRun(info, run), run, info.backend, true)
  }

  /** Trains the recipe of a run again, and compares. */
  async rerun(of: string, from: Store): Promise<string> {
    const info = await new RunFolder(from).readInfo()
    if (!info) throw new UserError(`there is no run '${of}'`)
    const recipe = { ...recipeOfRun(info, of), evaluation: undefined }
    const comparison = await Comparison.with(of, from)
    return this.#begin(recipe, await this.#freeName(`${of}-again`), 'wasm', false, comparison)
  }

  pause(): void {
    const { training } = this.#state
    if (!training || !this.#stop) return
    this.#change({ training: { ...training, stopping: true } })
    this.#stop.abort(new UserError('paused'))
  }

  /** @throws UserError for the run that learns. */
  async remove(run: string): Promise<void> {
    if (this.#state.training?.run === run) throw new UserError(`${run} is learning: pause it first`)
    const lock = await this.#place.run(run).lock()
    await this.#place.root.remove(run)
    await lock.release()
  }

  /** Takes a run from elsewhere; gives its name here. @throws StoreError when there is no room. */
  async take({
    name,
    files,
  }: {
    name: string
    files: Readonly<Record<string, Uint8Array>>
  }): Promise<string> {
    const run = await this.#freeName(name || 'imported')
    const store = this.#place.run(run)
    const paths = Object.keys(files).filter((path) => path !== 'run.json')
    // Last, because it makes a folder a run.
    for (const path of [...paths, 'run.json']) await store.write(path, files[path])
    return run
  }

  /** The recipe of a run as YAML. @throws UserError when it is of another release. */
  async recipeOf(from: Store): Promise<string> {
    const info = await new RunFolder(from).readInfo()
    if (!info) throw new UserError('there is no such run')
    return stringify(recipeOfRun(info, 'the run'))
  }

  async #begin(
    given: Recipe,
    run: string,
    backend: string,
    resume = false,
    comparison?: Comparison,
  ): Promise<string> {
    if (this.#stop) throw new UserError(`${this.#state.training?.run} is learning: pause it first`)
    const stop = new AbortController()
    this.#stop = stop
    // Agents on show are for a server's wall.
    const recipe = resume ? given : { ...given, exhibition: [] }
    const [first] = recipe.stages
    const left = recipe.stages.reduce((sum, { updates }) => sum + updates, 0)
    this.#change({
      training: {
        run,
        stage: first.name,
        update: 0,
        updates: first.updates,
        left,
        eta: Number.NaN,
        stopping: false,
        backend,
        memory: 0,
      },
      failure: '',
      notes: [],
      rerun: comparison?.state ?? null,
    })
    const folder = this.#place.run(run)
    const store = comparison
      ? watchMarks(folder, (update, hashes) => comparison.mark(update, hashes))
      : folder
    const work = train({
      host: hostNow((memory) => {
        const { training } = this.#state
        if (training?.run === run) this.#change({ training: { ...training, memory } })
      }),
      backend,
      recipe,
      store,
      run,
      resume,
      signal: stop.signal,
      onNote: (note) => this.#change({ notes: [...this.#state.notes, note].slice(-NOTES) }),
      onProgress: ({ stage, update, updates, left, eta, row }) => {
        comparison?.row(row)
        this.#change({
          training: {
            ...(this.#state.training ?? { backend, memory: 0 }),
            run,
            stage,
            update,
            updates,
            left,
            eta,
            stopping: stop.signal.aborted,
          },
          rerun: comparison?.state ?? null,
        })
      },
    })
    work
      .then(
        () => '',
        (error: unknown) => (error === stop.signal.reason ? '' : (error as Error).message),
      )
      .then((failure) => {
        this.#stop = null
        comparison?.end()
        this.#change({ training: null, failure, rerun: comparison?.state ?? null })
      })
    return run
  }

  async #freeName(name: string): Promise<string> {
    const taken = await this.#place.root.list('')
    for (let n = 1; ; n++) if (!taken.includes(`${name}-${n}`)) return `${name}-${n}`
  }

  #change(news: Partial<LabState>): void {
    this.#state = { ...this.#state, ...news }
    this.#tell(this.#state)
  }
}
