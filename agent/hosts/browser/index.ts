import type { Host } from '../../host.ts'
import { behind, type Member } from '../../trainer/member.ts'
import { Team } from '../../trainer/team.ts'
import { openPack } from './packs.ts'
import type { Parts } from './workplace.ts'

/** Who learns in a tab. */
export interface Learners {
  /** Starts a worker of its own with one replica (worker.ts). */
  readonly start: () => Worker
  /** A replica in this thread (alone.ts), for who wants no other; it brings all of tfjs along. */
  readonly alone?: (onEvent: Parameters<typeof behind>[1]) => Member
}

/** A browser's tab. */
export function browserWith(parts: Parts, { start, alone }: Learners): Host {
  return {
    envs: parts.envs,
    packages: {},
    threads: navigator.hardwareConcurrency,
    machine: machine(),
    model: parts.model,
    openPack,
    team: (workers, onEvent) => {
      if (workers > 0) return new Team(Array.from({ length: workers }, () => apart(start(), onEvent)))
      if (!alone) throw new Error('nobody learns in this thread')
      return new Team([alone(onEvent)])
    },
  }
}

/** A replica in a worker. */
function apart(worker: Worker, onEvent: Parameters<typeof behind>[1]): Member {
  const member = behind(
    { post: (ask) => worker.postMessage(ask), end: async () => worker.terminate() },
    onEvent,
  )
  worker.onmessage = ({ data }) => member.hear(data)
  worker.onerror = (event) => {
    event.preventDefault()
    member.fail(event.message || 'it could not be loaded')
  }
  worker.onmessageerror = () => member.fail('a message could not be read')
  return member
}

/** Names browsers give themselves, the telling ones first: every one says that it is some of the others, too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Edg\/(\d+)/, 'Edge'],
  [/Chrome\/(\d+)/, 'Chromium'],
  [/Version\/(\d+)/, 'Safari'],
]

function machine(): string {
  const { hardwareConcurrency: cores, userAgent } = navigator
  for (const [pattern, name] of BROWSERS) {
    const found = pattern.exec(userAgent)
    if (found) return `${cores} cores, a tab of ${name} ${found[1]}`
  }
  return `${cores} cores, a browser's tab`
}
