import { UserError } from '#core/base/errors'
import { Hub } from '#server/hub'
import { Runs } from '#server/runs'
import type { Asks } from '../net/tab.ts'
import { Learner } from './learner.ts'
import { folderOf, place, shipped } from './places.ts'
import { check, recipes } from './recipes.ts'
import { answer } from './routes.ts'
import { OnePage, type Packet } from './sockets.ts'
import { unzipped, zipped } from './zip.ts'

/** Opens the runs, and whoever answers for them. @param base the page's address. */
export async function open(base: string) {
  const mine = await place()
  const brought = await shipped(base)
  const runs = new Runs([mine.root, brought])
  const page = new OnePage((packet: Packet) => postMessage({ packet }))
  const hub = new Hub(page.io, runs, (line) => console.warn(line))
  const learner = new Learner(mine, (state) => postMessage({ state }))
  const welcome = page.open
  const opened = runs.open(hub)
  /** The files of a run, of this browser or shipped. @throws UserError where there is none. */
  const filesOf = async (run: string) => {
    for (const store of [mine.run(run), folderOf(brought, run)])
      if ((await store.stat('run.json')) !== null) return store
    throw new UserError(`there is no run '${run}'`)
  }
  const asks: {
    [K in keyof Asks]: (...given: Parameters<Asks[K]>) => ReturnType<Asks[K]> | Promise<ReturnType<Asks[K]>>
  } = {
    fetch: async (path) => {
      await opened
      return (await answer(runs, path)) as ReturnType<Asks['fetch']>
    },
    recipes,
    check,
    train: (text) => learner.train(text),
    resume: (run) => learner.resume(run),
    rerun: async (run) => learner.rerun(run, await filesOf(run)),
    pause: () => learner.pause(),
    remove: (run) => learner.remove(run),
    save: async (run) => zipped(await filesOf(run), run),
    load: async (zip) => learner.take(unzipped(zip)),
    recipeOf: async (run) => learner.recipeOf(await filesOf(run)),
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
