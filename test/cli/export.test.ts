import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadModel } from '#agent/hosts/node/models'
import { tableOf } from '#agent/model/readout'
import { ModelProto } from '../../src/cli/onnx.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-export-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Exported {
  readonly opsetImport: { readonly version: number }[]
  readonly metadataProps: { readonly key: string; readonly value: string }[]
  readonly graph: {
    readonly node: { readonly input: string[]; readonly output: string[]; readonly opType: string }[]
    readonly initializer: { readonly name: string; readonly dims: number[]; readonly rawData: Uint8Array }[]
    readonly input: { readonly name: string }[]
    readonly output: { readonly name: string }[]
  }
}

const floats = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer)

test('a model is written as ONNX with its weights, and prompts beside it whose logits say what it answers', async () => {
  const out = join(folder, 'small.onnx')
  const { code, out: told } = await run('export', 'mini:sokoban-base', '--out', out, '--examples', '2')
  expect({ code, lines: told.length }).toEqual({ code: 0, lines: 2 })
  const bytes = readFileSync(out)
  const { opsetImport, metadataProps, graph } = ModelProto.toObject(ModelProto.decode(bytes), {
    longs: Number,
    arrays: true,
  }) as Exported
  expect(opsetImport).toEqual([{ version: 17 }])
  const about = JSON.parse(metadataProps[0].value) as { vocabulary: string[]; envs: object }
  expect(Object.keys(about.envs)).toEqual(['sokoban'])

  // Everything that is read was given before, and what is promised comes.
  const known = new Set([...graph.input, ...graph.initializer].map(({ name }) => name))
  for (const { input, output } of graph.node) {
    for (const name of input) expect(known).toContain(name)
    for (const name of output) {
      expect(known.has(name)).toBe(false)
      known.add(name)
    }
  }
  expect(graph.output.map(({ name }) => name)).toEqual(['logits', 'values'])
  for (const { name } of graph.output) expect(known).toContain(name)

  const { model } = loadModel('models/sokoban-base.safetensors')
  const weights = await model.read()
  const tied = ['embed.words', 'embed.rows', 'embed.columns']
  const constants = new Map(graph.initializer.map((one) => [one.name, one]))
  for (const [name, { shape, data }] of Object.entries(weights)) {
    if (name === 'embed.words') continue
    expect(constants.get(name)?.dims, name).toEqual([...shape])
    expect(floats(constants.get(name)!.rawData), name).toEqual(data)
  }
  expect(tied.every((name) => name in weights)).toBe(true)
  expect(floats(constants.get('embed.table')!.rawData)).toEqual(await tableOf(model))

  const examples = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as {
    modality: string
    inputs: { words: number[]; patches: number[][]; tokens: number[] }
    logits: number[][]
    values: number[]
    answer: string
  }[]
  expect(examples.map(({ modality }) => modality)).toEqual(['text', 'frame'])
  expect([examples[0].inputs.patches.length, examples[1].inputs.patches.length > 0]).toEqual([0, true])
  for (const { inputs, logits, values, answer } of examples) {
    expect([logits.length, values.length]).toEqual([inputs.tokens.length, inputs.tokens.length])
    const said = logits.map((row) => about.vocabulary[row.indexOf(Math.max(...row))])
    expect(model.words.write(Int32Array.from(said, (word) => about.vocabulary.indexOf(word)))).toBe(answer)
    // Each word that was written stands in the tokens of the next.
    expect(inputs.tokens.slice(1).map((token) => about.vocabulary[token])).toEqual(said.slice(0, -1))
  }
  model.dispose()
})

test.each([
  [['export'], /which model\?/],
  [['export', 'mini:nobody'], /no file, folder or shipped model 'nobody'/],
])('%j is refused in one line', async (words, message) => {
  const { code, err } = await run(...words)
  expect(code).toBe(2)
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})
