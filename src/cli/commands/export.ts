import { z } from 'zod'
import { loadModel } from '#agent/hosts/node/models'
import { UserError } from '#core/base/errors'
import { seeded } from '#core/base/random'
import { resolveConfig } from '#core/env/config'
import { observe } from '#core/env/observe'
import { findEnv } from '#core/env/registry'
import { Conversation } from '#core/play/policy'
import type { Games } from '#registry/games'
import type { Command } from '../command.ts'
import { whole } from '../episodes.ts'
import { writeAside } from '../io.ts'

const flags = z.object({
  _: z
    .array(z.string())
    .max(1)
    .default([])
    .describe('<model>: mini:<name>, a file, or a run or checkpoint folder'),
  out: z.string().optional().describe('the file to write [model.onnx]'),
  examples: whole(0)
    .default(0)
    .describe('so many prompts with our logits, beside it as <out>.json, to compare with'),
})

/** A small model as a file that other programs run. */
export const command: Command = {
  summary: 'write a small model as ONNX',
  examples: [
    'kickpush export mini:sokoban-small --out sokoban-small.onnx',
    'kickpush export runs/quick --examples 5',
  ],
  flags,
  async run(given, io, games) {
    const { _: words, out = 'model.onnx', examples } = flags.parse(given)
    if (words.length === 0) throw new UserError('kickpush export: which model?')
    // Loaded when they are needed: tfjs takes its time.
    const [{ chooseBackend }, { findModel }, { onnxGraph }, { encodeOnnx }, { tableOf }] = await Promise.all([
      import('#agent/hosts/node/backend'),
      import('#agent/hosts/node/models'),
      import('#agent/model/onnx'),
      import('../onnx.ts'),
      import('#agent/model/readout'),
    ])
    await chooseBackend('cpu')
    const { model, about } = loadModel(findModel(words[0].replace(/^mini:/, '')))
    const { shape, vocabulary } = model
    const graph = onnxGraph({ shape, vocabulary, weights: await model.read() }, await tableOf(model))
    const bytes = encodeOnnx(graph, { kickpush: JSON.stringify(about) })
    await writeAside(out, bytes)
    io.print(
      `${out}: ${bytes.length} bytes, ${graph.nodes.length} operations, ${model.parameters} parameters`,
    )
    if (examples > 0) {
      const list = await examplesOf(model, about, games, examples)
      await writeAside(`${out}.json`, `${JSON.stringify(list)}\n`)
      io.print(`${out}.json: ${list.length} prompts with logits`)
    }
    model.dispose()
    return 0
  },
}

type Loaded = ReturnType<typeof loadModel>

/** First looks of levels that were not trained on, with what the model answers to them and what it thought at each word. */
async function examplesOf(
  model: Loaded['model'],
  about: Loaded['about'],
  { envs }: Games,
  count: number,
): Promise<object[]> {
  const { encode, PATCH_BYTES } = await import('#agent/model/encode')
  const { readOut } = await import('#agent/model/readout')
  const [id] = Object.keys(about.envs)
  if (id === undefined) throw new UserError('kickpush export: the model does not say which games it knows')
  const env = findEnv(envs, id)
  const list = []
  for (let i = 0; i < count; i++) {
    // Text and frames in turn.
    const conversation = Conversation.parse({
      ...about.conversation,
      modality: i % 2 === 0 ? 'text' : 'frame',
    })
    const state = env.reset(resolveConfig(env, {}), `export/${i}`)
    const observation = observe(env, state, 0, conversation.modality)
    const prompt = encode(model.words, model.shape, { env, conversation, observation, history: [] })
    const options = { maxTokens: model.shape.response, temperature: 0, randoms: [seeded(`${i}`)] }
    const [{ tokens: written }] = await model.generate([prompt], options)
    const tokens = Int32Array.of(model.words.special('<start>'), ...written.slice(0, -1))
    const { logits, values } = await readOut(model, prompt, tokens)
    const { words, layers, rows, columns, patches } = prompt
    const size = model.vocabulary.length
    list.push({
      modality: conversation.modality,
      inputs: {
        words: Array.from(words, (word) => (word >= 0 ? word : size - 1 - word)),
        ...{ layers: [...layers], rows: [...rows], columns: [...columns], tokens: [...tokens] },
        patches: Array.from({ length: patches.length / PATCH_BYTES }, (_, p) =>
          Array.from(patches.subarray(p * PATCH_BYTES, (p + 1) * PATCH_BYTES)),
        ),
      },
      logits: tokens.reduce<number[][]>((all, _, t) => {
        all.push(Array.from(logits.subarray(t * size, (t + 1) * size)))
        return all
      }, []),
      values: [...values],
      answer: model.words.write(written),
    })
  }
  return list
}
