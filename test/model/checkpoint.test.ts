import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UserError } from '#core/errors'
import { chooseBackend } from '../../agent/backend.ts'
import { findModel, loadModel, MODEL_FILE, saveModel } from '../../agent/model/checkpoint.ts'
import { MiniLMM } from '../../agent/model/minilmm.ts'
import { decodeSafetensors, encodeSafetensors } from '../../agent/model/safetensors.ts'
import { WORDS, XS } from './fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => chooseBackend('cpu'))

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
    mkdirSync(join(folder, 'run', 'checkpoints', '9'), { recursive: true })
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
    const bytes = Buffer.from(readFileSync(file))
    bytes[bytes.length - 9] ^= 1
    writeFileSync(damaged, bytes)
    expect(() => loadModel(damaged)).toThrow('its numbers are damaged')
    bytes[20] = 0
    writeFileSync(damaged, bytes)
    expect(() => loadModel(damaged)).toThrow('its header is not JSON')
  })
})
