import wasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url&inline'
import { golden, KINDS, LONG, writeRow } from '#agent/golden/golden'
import { aloneWith } from '#agent/hosts/browser/alone'
import { browserWith } from '#agent/hosts/browser/index'
import { modelsAt } from '#agent/hosts/browser/models'
import { envs } from '#envs'
import { MemoryStore } from '#stores/memory'
import * as tf from '#tf'
import base from '../../../models/lmm-r1-base.safetensors?url&inline'
import recipe from '../../../recipes/quick.yaml?raw'

/** Shells print lines; a page's are kept in `rows`, and posted where its address says so. */
declare const print: ((line: string) => void) | undefined
const rows: string[] = []
const say = (line: string): void => {
  rows.push(line)
  if (typeof print === 'function' && typeof document === 'undefined') print(line)
}

/** Computes the golden table in this engine, in one thread. */
export async function run(): Promise<void> {
  if (!tf.env().platform) {
    tf.env().setPlatform('shell', {
      fetch,
      now: () => Date.now(),
      encode: (text: string) => new TextEncoder().encode(text),
      decode: (bytes: Uint8Array<ArrayBuffer>) => new TextDecoder().decode(bytes),
      setTimeoutCustom: (what: () => void) => setTimeout(what),
      isTypedArray: (one: unknown): one is Uint8Array =>
        ArrayBuffer.isView(one) && !(one instanceof DataView),
    } as never)
  }
  const parts = { envs, wasm, model: modelsAt({ 'lmm-r1-base': base }) }
  const host = browserWith(parts, {
    start: () => {
      throw new Error('one thread')
    },
    alone: aloneWith(parts),
  })
  const asked = typeof document === 'undefined' ? [] : new URLSearchParams(location.search).getAll('kind')
  const kinds = [...KINDS, ...LONG].filter((kind) => asked.includes(kind))
  golden({
    host,
    recipe,
    store: new MemoryStore('golden'),
    workers: 0,
    kinds: kinds.length > 0 ? kinds : KINDS,
    tell: (row) => say(writeRow(row)),
  })
    .catch((error: Error) => say(`failed: ${error.message} ${error.stack}`))
    .then(async () => {
      Object.assign(globalThis, { rows, over: true })
      if (typeof document !== 'undefined' && location.search.includes('post'))
        await fetch('./rows', { method: 'POST', body: rows.join('\n') })
    })
}
