import type { GameFile, RunSummary } from '#core/record/wire'

import { address } from './router.ts'

/** What the house says of its own accord. */
export interface LabState {
  /** Runs are there again when the page is opened again. */
  readonly kept: boolean
  /** The run that learns now. */
  readonly training: Training | null
  /** How the training before ended, in a line; empty when there was none or all went well. */
  readonly failure: string
  readonly notes: readonly string[]
  /** What a rerun has found so far. */
  readonly rerun: Rerun | null
}

export interface Training {
  readonly run: string
  readonly stage: string
  readonly update: number
  readonly updates: number
  /** Updates left in the run; seconds until the stage ends. */
  readonly left: number
  readonly eta: number
  /** It stops after the update in flight. */
  readonly stopping: boolean
  /** What computes. */
  readonly backend: string
  /** Bytes of the memories of tensors, of all who learn; 0 until it is known. */
  readonly memory: number
}

/** A training that is compared with the run it repeats. */
export interface Rerun {
  readonly of: string
  /** Updates whose metrics, and checkpoints whose weights and optimizer, were the same to the bit. */
  readonly updates: number
  readonly checkpoints: number
  /** The newest checkpoint that was the same, and the hash of its weights; the report of a run has that of its last. */
  readonly hash: { readonly update: number; readonly weights: string } | null
  /** The first thing that is not the same, in words; null while all is. */
  readonly difference: string | null
  readonly over: boolean
}

/** A recipe that comes with Kickpush, and what is wrong with one that was written. */
export interface Shipped {
  readonly name: string
  readonly text: string
}
export interface Checked {
  readonly problems: readonly { readonly line: number | null; readonly message: string }[]
  readonly name: string
}

/** What a page asks of its house, and gets. */
export interface Asks {
  fetch(path: string): { status: number; type: string; body: string | Uint8Array<ArrayBuffer> }
  recipes(): { shipped: readonly Shipped[]; schema: object }
  check(text: string): Checked
  /** @param backend what computes: wasm, or webgpu where `backends` says that it can. */
  train(text: string, backend: string): string
  /** Why something cannot compute here; null where it can. */
  backends(): { readonly webgpu: string | null }
  resume(run: string): void
  rerun(run: string): string
  pause(): void
  remove(run: string): void
  save(run: string): Uint8Array<ArrayBuffer>
  load(zip: Uint8Array<ArrayBuffer>): string
  /** The recipe of a run as text. */
  recipeOf(run: string): string
  runs(): readonly RunSummary[]
  /** Keeps a module that was checked, and the ids of its games. */
  addGame(text: string, ids: readonly string[]): GameFile
  removeGame(id: string): void
}

/** Whether this page is its own server: its runs are in the browser, and it learns in workers. */
export const inTab = document.documentElement.dataset.host === 'tab'

/** Where the Lab trains a run again. */
export const rerunAddress = (run: string): string =>
  `${inTab ? '' : 'tab.html'}${address('lab', '', { rerun: run })}`

type Listener = (value: never) => void
let house: Worker | undefined
const answers = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
const listeners = new Map<string, Listener>()
const acks = new Map<number, (answer: unknown) => void>()
const watchers = new Set<(state: LabState) => void>()
let state: LabState | null = null
let asked = 0

/** The worker that has runs and learner; started when it is first asked. */
function theHouse(): Worker {
  if (house) return house
  house = new Worker(new URL('../lab/house.ts', import.meta.url), { type: 'module' })
  house.onmessage = ({ data }) => {
    if ('answer' in data) {
      const one = answers.get(data.answer)
      answers.delete(data.answer)
      if ('error' in data) one?.reject(new Error(data.error))
      else one?.resolve(data.result as never)
    } else if ('state' in data) {
      state = data.state as LabState
      for (const tell of watchers) tell(state)
    } else if (data.packet.ack !== undefined) acks.get(data.packet.ack)?.(data.packet.body)
    else listeners.get(data.packet.name)?.(data.packet.body as never)
  }
  house.onerror = (event) => {
    event.preventDefault()
    const error = new Error(`The learner's worker has failed: ${event.message || 'it could not be loaded'}`)
    for (const one of answers.values()) one.reject(error)
    answers.clear()
    listeners.get('disconnect')?.(undefined as never)
  }
  house.postMessage({ base: document.baseURI })
  return house
}

/** Asks the house. @throws Error with its line for people. */
export function ask<K extends keyof Asks>(
  what: K,
  ...given: Parameters<Asks[K]>
): Promise<ReturnType<Asks[K]>> {
  return new Promise((resolve, reject) => {
    const id = asked++
    answers.set(id, { resolve: resolve as (value: never) => void, reject })
    theHouse().postMessage({ ask: id, what, given })
  })
}

/** Tells of the house's state, now and when it changes; the result stops it. */
export function watchLab(tell: (state: LabState) => void): () => void {
  watchers.add(tell)
  theHouse()
  if (state) tell(state)
  return () => watchers.delete(tell)
}

/** What the house answers below `api/`. */
export async function fetchFromHouse(path: string): Promise<Response> {
  const { status, type, body } = await ask('fetch', path)
  return new Response(body, { status, headers: { 'Content-Type': type } })
}

/** The connection with the house, as socket.io's would be. */
export function openHouse() {
  const worker = theHouse()
  let made = 0
  const socket = {
    connected: false,
    id: undefined as string | undefined,
    on(name: string, listener: (...given: never[]) => void) {
      listeners.set(name, listener as Listener)
      return socket
    },
    timeout: () => ({
      emitWithAck: (name: string, body: unknown) =>
        new Promise<unknown>((resolve) => {
          const ack = ++made
          acks.set(ack, (answer) => {
            acks.delete(ack)
            resolve(answer)
          })
          worker.postMessage({ packet: { name, body, ack } })
        }),
    }),
  }
  listeners.set('open', () => {
    socket.connected = true
    socket.id = 'house'
    listeners.get('connect')?.(undefined as never)
  })
  worker.postMessage({ open: true })
  return socket
}
