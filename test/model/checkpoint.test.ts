import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '#core/base/errors'
import { hashBytes } from '#core/base/hash'
import { chooseBackend } from '../../agent/hosts/node/backend.ts'
import { findModel, loadModel } from '../../agent/hosts/node/models.ts'
import { About, decodeModel, encodeModel, MODEL_FILE, type Provenance } from '../../agent/model/checkpoint.ts'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import {
  decodeSafetensors,
  encodeSafetensors,
  NotFinite,
  type Weights,
} from '../../agent/model/safetensors.ts'
import { WORDS, XS } from './fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => chooseBackend('cpu'))

async function saveModel(file: string, model: MiniLMM, provenance: Provenance): Promise<void> {
  const { shape, vocabulary } = model
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, encodeModel({ shape, vocabulary, weights: await model.read() }, provenance))
}

describe('a saved model', () => {
  const file = join(folder, 'run', 'checkpoints', '10', MODEL_FILE)

  it('is the same model when it is loaded, and the same bytes when it is saved again', async () => {
    const model = MiniLMM.create(XS, WORDS, 'saved')
    await saveModel(file, model, { envs: { toy: [1, 2] }, seen: 'nothing' })
    const loaded = loadModel(file)
    expect(loaded.about).toMatchObject({
      envs: { toy: [1, 2] },
      seen: 'nothing',
      vocabulary: WORDS,
      shape: XS,
    })
    expect(await loaded.model.read()).toEqual(await model.read())
    const again = join(folder, 'again')
    await saveModel(again, loaded.model, loaded.about)
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true)
    model.dispose()
    loaded.model.dispose()
  })

  it('is found by file, by checkpoint and by run, where the newest checkpoint counts', () => {
    for (const update of ['9', '10']) {
      mkdirSync(join(folder, 'run', 'checkpoints', update), { recursive: true })
      writeFileSync(join(folder, 'run', 'checkpoints', update, 'progress.json'), '{}')
    }
    // Being written: it has no mark yet.
    mkdirSync(join(folder, 'run', 'checkpoints', '11'))
    for (const name of [file, join(folder, 'run', 'checkpoints', '10'), join(folder, 'run')]) {
      expect(findModel(name)).toBe(file)
    }
    expect(() => findModel('nobody')).toThrow("shipped model 'nobody'")
    expect(() => findModel(folder)).toThrow(`no ${MODEL_FILE}`)
  })

  it('is refused when it is cut off anywhere', () => {
    const bytes = readFileSync(file)
    const cut = join(folder, 'cut')
    for (const length of [0, 7, 8, 100, bytes.length >> 1, bytes.length - 1]) {
      writeFileSync(cut, bytes.subarray(0, length))
      expect(() => loadModel(cut)).toThrow(UserError)
    }
    writeFileSync(cut, Buffer.concat([bytes, Buffer.alloc(4)]))
    expect(() => loadModel(cut)).toThrow('4 bytes follow the last tensor')
  })

  it('is refused when a weight is missing or its text is damaged', () => {
    const { weights, metadata } = decodeSafetensors(readFileSync(file), file)
    const damaged = join(folder, 'damaged')
    const { 'value.bias': _, ...rest } = weights
    writeFileSync(damaged, encodeSafetensors({ weights: rest, metadata }))
    expect(() => loadModel(damaged)).toThrow("'value.bias' is missing")
    writeFileSync(damaged, encodeSafetensors({ weights, metadata: {} }))
    expect(() => loadModel(damaged)).toThrow('does not describe a Kickpush model')
  })

  it('is refused when any byte of it is another', () => {
    const bytes = readFileSync(file)
    const header = 8 + Number(bytes.readBigUInt64LE())
    fc.assert(
      fc.property(fc.oneof(fc.nat(header - 1), fc.nat(bytes.length - 1)), fc.nat(7), (at, bit) => {
        const flipped = Uint8Array.from(bytes)
        flipped[at] ^= 1 << bit
        expect(() => decodeModel(flipped, 'flipped')).toThrow(UserError)
      }),
      { numRuns: 2000 },
    )
  })

  it('of 0.1.0, which has a hash of its numbers only, is still read', async () => {
    const { weights, metadata } = decodeSafetensors(readFileSync(file), file)
    const about = About.parse(JSON.parse(metadata.kickpush))
    const { model } = decodeModel(asWritten010(weights, { ...about, format: 1 }), 'old')
    expect(await model.read()).toEqual(weights)
    model.dispose()
    expect(() => decodeModel(asWritten010(weights, about), 'old')).toThrow('its seal is gone')
  })

  it('that is not finite is neither written nor read', () => {
    const { weights, metadata } = decodeSafetensors(readFileSync(file), file)
    const bias = weights['value.bias']
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = bias.data.map(() => number)
      const bad = { ...weights, 'value.bias': { ...bias, data } }
      expect(() => encodeSafetensors({ weights: bad, metadata })).toThrow(NotFinite)
      const about = { ...JSON.parse(metadata.kickpush), format: 1 }
      expect(() => decodeModel(asWritten010(bad, about), 'old')).toThrow(
        "old is of a training that diverged: 'value.bias' holds numbers that are not finite",
      )
    }
  })
})

/** A model's file as 0.1.0 wrote it. */
function asWritten010(weights: Weights, about: object): Uint8Array {
  const numbers = Buffer.concat(
    Object.values(weights).map(({ data }) => Buffer.from(Float32Array.from(data).buffer)),
  )
  let at = 0
  const entries = Object.entries(weights).map(([name, { shape, data }]) => {
    at += 4 * data.length
    return [name, { dtype: 'F32', shape, data_offsets: [at - 4 * data.length, at] }]
  })
  const __metadata__ = { kickpush: JSON.stringify(about), hash: hashBytes(numbers) }
  const header = Buffer.from(JSON.stringify({ __metadata__, ...Object.fromEntries(entries) }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, numbers])
}
