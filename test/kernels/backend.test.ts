import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { backends } from '#agent/backend'
import { chooseBackend } from '#agent/hosts/node/backend'
import { wasm } from '#agent/kernels/module'
import { heapOf } from '#agent/kernels/wasm'
import { UserError } from '#core/base/errors'
import { present } from './support.ts'

describe('chooseBackend', () => {
  // First, while no backend has started yet.
  test('starts one that two ask for at once', async () => {
    const choices = await Promise.all([chooseBackend('wasm'), chooseBackend('wasm')])
    expect(choices.map(({ name }) => name)).toEqual(['wasm', 'wasm'])
  })

  test.each(present)('starts %s when asked for', async (name) => {
    expect(await chooseBackend(name)).toEqual({ name, reason: 'as asked for' })
    expect(tf.getBackend()).toBe(name)
  })

  test('takes the fastest that works, and says why the faster ones do not', async () => {
    const { name, reason, faster } = await chooseBackend()
    const passed = backends.slice(0, backends.indexOf(name))
    for (const other of passed) expect(reason).toContain(`${other}: `)
    const helps = passed.length > 0 && !reason.includes('finds no GPU')
    expect(faster).toBe(helps ? 'npm install @tensorflow/tfjs-node-gpu@4.22.0' : undefined)
    expect(passed).not.toContain('wasm')
  })

  test('refuses an unknown one in one line', async () => {
    await expect(chooseBackend('wsam')).rejects.toThrow(
      /^no backend 'wsam'; did you mean 'wasm'\? \(allowed: auto, /,
    )
    await expect(chooseBackend('wsam')).rejects.toBeInstanceOf(UserError)
  })

  test('says how to get one that is not there', async () => {
    const choice = await chooseBackend('webgpu').catch((error: Error) => error)
    if ('name' in choice && choice.name === 'webgpu') return // a machine with an adapter
    expect(choice).toBeInstanceOf(UserError)
    expect((choice as Error).message).toMatch(/^backend webgpu: .+; to install it: npm install [^\n]+$/)
  })
})

describe('the wasm module', () => {
  test('refuses a backend that is laid out in another way', () => {
    expect(() => heapOf(new tf.KernelBackend())).toThrow(UserError)
    expect(() => heapOf(new tf.KernelBackend())).toThrow(
      /^the wasm kernels know tfjs 4\.22\.0, not .+; use --backend cpu$/,
    )
  })

  test('is what the assembly compiles to', async () => {
    const file = fileURLToPath(new URL('../../agent/kernels/build.mjs', import.meta.url))
    const { compile }: { compile(): Promise<string> } = await import(file)
    expect(await compile()).toContain(wasm)
  })

  test('brings no data, which would overwrite the heap it shares', () => {
    const bytes = Buffer.from(wasm, 'base64')
    const sections: number[] = []
    for (let i = 8; i < bytes.length; ) {
      sections.push(bytes[i++])
      let size = 0
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[i++]
        size |= (byte & 127) << shift
        if (byte < 128) break
      }
      i += size
    }
    const [code, data] = [10, 11]
    expect(sections).toContain(code)
    expect(sections).not.toContain(data)
  })
})
