import { UserError } from '#core/base/errors'
import { Hub } from '#server/hub'
import { Runs } from '#server/runs'
import type { Asks, LabState } from '../net/tab.ts'
import { Brought } from './brought.ts'
import { claimOf } from './claim.ts'
import { folderOf, place, shipped } from './places.ts'
import { answer } from './routes.ts'
import { OnePage, type Packet } from './sockets.ts'

/** Opens the runs, and whoever answers for them. What only the Lab asks for is loaded when it does. @param base the page's address. */
export async function open(base: string) {
  const mine = await place()
  const withSite = await shipped(base)
  const runs = new Runs([mine.root, withSite])
  const page = new OnePage((packet: Packet) => postMessage({ packet }))
  const hub = new Hub(page.io, runs, (line) => console.warn(line))
  const tell = (state: LabState) => postMessage({ state })
  tell({ kept: mine.kept, training: null, failure: '', notes: [], rerun: null })
  const learning = once(async () => new (await import('./learner.ts')).Learner(mine, tell))
  const recipeBook = once(() => import('./recipes.ts'))
  const zips = once(() => import('./zip.ts'))
  const welcome = page.open
  const brought = new Brought(mine.games)
  // A game that is not there any more keeps no run from being seen.
  const opened = Promise.all([
    runs.open(hub),
    brought.open().catch((error: Error) => console.warn(error.message)),
  ])
  /** The files of a run, of this browser or shipped. @throws UserError where there is none. */
  const filesOf = async (run: string) => {
    for (const store of [mine.run(run), folderOf(withSite, run)])
      if ((await store.stat('run.json')) !== null) return store
    throw new UserError(`there is no run '${run}'`)
  }
  /** The same, or what the server of this page says of it. */
  const claimed = async (run: string) =>
    filesOf(run).catch(async (error) => {
      const claim = await claimOf(run, base)
      if (!claim) throw error
      return claim
    })
  const asks: {
    [K in keyof Asks]: (...given: Parameters<Asks[K]>) => ReturnType<Asks[K]> | Promise<ReturnType<Asks[K]>>
  } = {
    fetch: async (path) => {
      await opened
      return (await answer(runs, path, brought.files)) as ReturnType<Asks['fetch']>
    },
    recipes: async () => (await recipeBook()).recipes(),
    check: async (text) => (await recipeBook()).check(text),
    train: async (text, backend) => (await learning()).train(text, backend),
    backends: async () => (await recipeBook()).backends(),
    resume: async (run) => (await learning()).resume(run),
    rerun: async (run) => (await learning()).rerun(run, await claimed(run)),
    pause: async () => (await learning()).pause(),
    remove: async (run) => (await learning()).remove(run),
    save: async (run) => (await zips()).zipped(await filesOf(run), run),
    load: async (zip) => (await learning()).take((await zips()).unzipped(zip)),
    recipeOf: async (run) => (await learning()).recipeOf(await claimed(run)),
    addGame: (text, ids) => brought.add(text, ids),
    removeGame: (id) => brought.remove(id),
    runs: async () => {
      await opened
      const all = runs.list().filter(({ kind = 'training' }) => kind === 'training')
      // One that was removed is noticed a little later by those who follow it.
      const there = await Promise.all(
        all.map(({ id }) =>
          filesOf(id).then(
            () => true,
            () => false,
          ),
        ),
      )
      return all.filter((_, i) => there[i])
    },
  }
  return {
    asks,
    page: {
      open: async () => {
        await opened
        welcome()
        postMessage({ packet: { name: 'open', body: null } })
      },
      receive: (packet: Packet) => page.receive(packet),
    },
  }
}

/** The result of `what`, which is done when it is first wanted. */
function once<T>(what: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => {
    result ??= what()
    return result
  }
}
