import { availableParallelism, cpus } from 'node:os'
import { whole } from './episodes.ts'

/** A flag of commands that train several runs side by side, each in a thread: how many, of what. */
export const lanesFlag = (what: string) => whole(1).max(64).default(availableParallelism()).describe(what)

/** The machine that reports of such runs name: '2 cores (AMD EPYC), Node 20.20.2'. */
export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}`
