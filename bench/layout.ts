import * as b from '#core/base/bytes'
import { Config } from '../src/cli/template/config.ts'
import { clone, type Field, load, reset, save } from '../src/cli/template/state.ts'
import type { Benchmark } from './benchmark.ts'

const TIMES = 10_000

/** What a layout gives, beside the same written by hand for that state. */
export const benchmarks: readonly Benchmark[] = [
  row('layout.save', save),
  row('layout.save.byhand', saveByHand),
  row('layout.clone', clone),
  row('layout.clone.byhand', cloneByHand),
  row('layout.load', (_, bytes) => load(bytes)),
]

function row(name: string, work: (state: Field, bytes: Uint8Array) => unknown): Benchmark {
  const state = reset(Config.parse({ size: 8, coins: 5 }), 'bench')
  let bytes = save(state)
  return {
    name,
    unit: 'states',
    run() {
      for (let i = 0; i < TIMES; i++) {
        state.t = i
        const made = work(state, bytes)
        if (made instanceof Uint8Array) bytes = made
      }
      return TIMES
    },
  }
}

function cloneByHand(state: Field): Field {
  const { rewards, terms, coins } = state
  return { ...state, rewards: rewards.slice(), terms: terms.slice(), coins: coins.slice() }
}

function saveByHand(state: Field, out?: Uint8Array): Uint8Array {
  const w = b.writer(out)
  b.putU8(w, 1)
  b.putText(w, JSON.stringify(state.config))
  b.putU32(w, state.t)
  b.putBool(w, state.terminated)
  b.putBool(w, state.truncated)
  b.putF64s(w, state.rewards)
  b.putF64s(w, state.terms)
  b.putU32(w, state.walker)
  b.putU32(w, state.left)
  b.putBytes(w, state.coins)
  return b.written(w)
}
