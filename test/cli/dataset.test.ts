import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadImage } from 'canvas'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Row, readRows } from '#agent/dataset/row'
import { readTask } from '#agent/dataset/task'
import { Tasks } from '#agent/dataset/tasks'
import { splitOf } from '#core/env/split'
import { envs } from '#envs'
import { run } from './run.ts'
import { type Running, serving } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-data-'))
afterAll(() => rmSync(folder, { recursive: true }))

const line = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '6']
async function exported(out: string, ...more: string[]): Promise<Row[]> {
  const { code, out: printed } = await run(
    ...['dataset', 'export', ...line, '--out', join(folder, out), ...more, '--json'],
  )
  expect(code).toBe(0)
  const { file, rows, leftOut } = JSON.parse(printed[0])
  expect({ rows, leftOut }).toEqual({ rows: 6, leftOut: 0 })
  return readRows(readFileSync(file, 'utf8'), file)
}

/** The system prompt and question as a chat template joins them, and what a model then writes. */
const asked = ({ message }: Row) =>
  (JSON.parse(message) as { content: unknown }[])
    .map(({ content }) => `<|im_start|>${content}<|im_end|>`)
    .join('\n')
const answered = (answer: string) => `<think>so</think><answer>${answer}</answer><|im_end|>`

it('that has no place is not made first', async () => {
  // A file is in the way. What is made takes an hour, and the command must not begin with it.
  const much = ['dataset', 'export', '--env', 'sokoban', '--config', 'preset=tiny-1', '--episodes', '5000']
  const file = fileURLToPath(import.meta.url)
  for (const out of [file, join(file, 'x')]) {
    const { code, err } = await run(...much, '--parquet', '--out', out)
    expect([code, err.length, err[0]]).toEqual([2, 1, expect.stringMatching(/^cannot mkdir /)])
  }
})

it('leaves out levels whose answer would teach failure, and says within how much', async () => {
  // One action solves no level of this preset.
  const out = ['--out', join(folder, 'short'), '--modality', 'text', '--actions', '1']
  const { code, out: printed } = await run('dataset', 'export', ...line, ...out)
  expect([code, printed]).toEqual([
    0,
    [expect.stringMatching(/: 0 rows; 6 levels left out whose answer does not succeed within 1 actions$/)],
  ])
})

describe('an exported data set', () => {
  let frames: Row[]
  let texts: Row[]
  beforeAll(async () => {
    frames = await exported('frames')
    texts = await exported('texts', '--modality', 'text', '--split', 'test')
  })

  it('has the rows, chats and pictures that lmm-r1 reads', async () => {
    expect(Object.keys(frames[0])).toEqual(['message', 'question', 'answer', 'env_path'])
    const chat = JSON.parse(frames[0].message)
    expect(chat.map(({ role }: { role: string }) => role)).toEqual(['system', 'user'])
    const { image } = chat[1].content.find(({ type }: { type: string }) => type === 'image')
    const { width, height } = await loadImage(fileURLToPath(image))
    expect([width, height]).toEqual([112, 112])
    expect(frames[0].answer).toMatch(/^(Up|Down|Left|Right)(, (Up|Down|Left|Right))*$/)
    expect(texts[0].question).toContain('#######')
    expect(existsSync(join(folder, 'texts', 'pictures'))).toBe(false)
  })

  it('has levels of its split only, and is the same a second time', async () => {
    for (const [rows, split] of [
      [frames, 'train'],
      [texts, 'test'],
    ] as const) {
      for (const { env_path } of rows) {
        const { env, config, seed } = readTask(env_path, envs)
        expect(splitOf(env.levelKey!(config, seed))).toBe(split)
      }
    }
    expect(await exported('again', '--modality', 'text', '--split', 'test')).toEqual(texts)
  })

  it('tells which level a sample is about, by label, picture or question', () => {
    const tasks = new Tasks([...frames, ...texts], envs)
    const level = (task: { config: object }) => (task.config as { level: string }).level
    const wanted = (row: Row) => level(readTask(row.env_path, envs))
    for (const row of [frames[3], texts[2]]) {
      expect(level(tasks.find({ prompt: 'anything', label: row.env_path }))).toBe(wanted(row))
      expect(level(tasks.find({ prompt: row.message, label: row.answer }))).toBe(wanted(row))
    }
    expect(level(tasks.find({ prompt: asked(texts[5]) }))).toBe(wanted(texts[5]))
    expect(() => tasks.find({ prompt: frames[0].question })).toThrow('send env_path as the label')
    expect(() => new Tasks([], envs).find({ prompt: 'x' })).toThrow('--dataset')
    expect(() => tasks.find({ prompt: 'x', label: '{"env":' })).toThrow('a task is JSON')
    expect(() => tasks.find({ prompt: 'x', label: '{"env":"sokoban"}' })).toThrow("'config' is missing")
  })

  describe('and its reward server', () => {
    let server: Running
    const rewards = async (body: object) => {
      const answer = await fetch(server.url, { method: 'POST', body: JSON.stringify(body) })
      return (await answer.json()) as Record<'rewards' | 'scores', number[]> & {
        extra_logs: Record<string, number[]>
        error: { code: string; message: string }
      }
    }
    beforeAll(async () => {
      server = await serving('reward-server', '--port', '0', '--dataset', join(folder, 'texts', 'test.jsonl'))
    })
    afterAll(async () => {
      expect(await server.stop()).toBe(0)
    })

    it('pays the expert in full, a broken format nothing, and a wrong answer its format', async () => {
      const row = texts[0]
      const { reward, success } = await solvedReward(row)
      const prompts = [row, row, row].map(asked)
      const said = [answered(row.answer), `I play ${row.answer}`, answered('Up')]
      const told = await rewards({ query: prompts.map((prompt, i) => prompt + said[i]), prompts })
      expect(told.rewards[0]).toBeCloseTo(reward)
      expect(told.extra_logs).toMatchObject({ format: [0.5, 0, 0.5], success: [success, 0, 0] })
      expect(told.scores).toEqual([success, 0, 0])
      expect(told.rewards.slice(1)).toEqual([0, 0.5])
      expect(told.extra_logs.steps[1]).toBe(0)
    })

    it('plays what can be read all the same, and does not pay its format', async () => {
      const row = texts[0]
      const { reward, success } = await solvedReward(row)
      const opened = `${asked(row)}<think>\n`
      const prompts = [asked(row), opened, opened, asked(row)]
      const said = [
        row.answer,
        `so</think><answer>${row.answer}</answer><end_of_turn>`,
        `<think>so</think><answer>${row.answer}</answer><eos>`,
        `so</think><answer>${row.answer}</answer>`,
      ]
      const told = await rewards({ query: prompts.map((prompt, i) => prompt + said[i]), prompts })
      expect(told.extra_logs).toMatchObject({
        success: [success, success, success, success],
        format: [0, 0.5, 0.5, 0],
        lenient: [1, 0, 0, 1],
      })
      expect(told.rewards[1]).toBeCloseTo(reward)
      expect(told.rewards[3]).toBeCloseTo(reward - 0.5)
    })

    it('finds levels by labels, also where pictures are spelled out in the query', async () => {
      const prompt = 'Look: <|vision_start|><|image_pad|><|vision_end|> Answer!'
      const query = `<|endoftext|><|endoftext|>${prompt.replace('<|image_pad|>', '<|image_pad|>'.repeat(64))}`
      const told = await rewards({
        query: frames
          .slice(0, 2)
          .map(({ answer }) => `${query}${answered(answer)}<|endoftext|><|endoftext|>`),
        prompts: [prompt, prompt],
        labels: frames.slice(0, 2).map(({ env_path }) => env_path),
      })
      expect(told.scores).toEqual([1, 1])
    })

    it('names the sample that cannot be scored', async () => {
      const good = { query: asked(texts[0]) + answered('Up'), prompt: asked(texts[0]) }
      const told = await rewards({ query: [good.query, 'what'], prompts: [good.prompt, 'wh'] })
      expect(told.error.message).toMatch(/^sample 1: no row of the data set/)
      const level = JSON.stringify({ ...JSON.parse(texts[0].env_path), config: { level: '#@#' } })
      const broken = await rewards({ query: [good.query], prompts: [good.prompt], labels: [level] })
      expect(broken.error).toMatchObject({
        code: 'INVALID_MESSAGE',
        message: expect.stringMatching(/^sample 0/),
      })
    })

    /** What the expert's answer is worth by the rules of the game and the default rule. */
    async function solvedReward(row: Row) {
      const steps = row.answer.split(', ').length
      return { success: 1, reward: 0.5 + 0.1 * (11 - 0.1 * steps) }
    }
  })
})

it.each([
  [['dataset', 'export', '--env', 'sokoban'], /--out is missing/],
  [['dataset', 'export', '--out', 'x'], /--env is missing/],
  [
    ['dataset', 'export', ...line, '--out', 'x', '--split', 'dev'],
    /--split: no "dev" \(allowed: train, valid, test\)/,
  ],
  [['dataset'], /which one\? \(allowed: export\)/],
  [['reward-server', '--reward', 'magebnch'], /did you mean 'magebench'/],
  [['reward-server', '--reward', 'rule=magebench,alfa=1'], /'alfa'.*did you mean 'alpha'/],
  [['reward-server', '--env', 'sokobn'], /did you mean/],
  [['reward-server', '--dataset', '/nowhere.jsonl'], /cannot read/],
  [['reward-server', '--dataset', join(import.meta.dirname, 'run.ts')], /run.ts, line 1: not JSON/],
])('%j is refused in one line', async (words, message) => {
  const { code, out, err } = await run(...words)
  expect({ code, out }).toEqual({ code: 2, out: [] })
  expect(err).toHaveLength(1)
  expect(err[0]).toMatch(message)
})

describe('other formats', () => {
  const rowsOf = (file: string): Record<string, unknown>[] =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row))
  const written = async (out: string, ...more: string[]): Promise<number> =>
    (await run(...['dataset', 'export', ...line, '--out', join(folder, out), ...more])).code

  it("are OpenAI's, with pictures in the rows", async () => {
    expect(await written('openai', '--format', 'openai')).toBe(0)
    const [{ messages }] = rowsOf('openai/train.jsonl') as {
      messages: { role: string; content: unknown }[]
    }[]
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant'])
    const parts = messages[1].content as { type: string; image_url?: { url: string } }[]
    const url = parts.find(({ type }) => type === 'image_url')?.image_url?.url ?? ''
    const { width } = await loadImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'))
    expect(width).toBe(112)
    expect(messages[2].content).toMatch(/^<think>.+<\/think><answer>(Up|Down|Left|Right)/)
  })

  it("are ShareGPT's, with a place for each picture, in one answer or in turns", async () => {
    expect(
      await written('share', '--format', 'sharegpt', '--turns', '--actions', '2', '--modality', 'both'),
    ).toBe(0)
    const rows = rowsOf('share/train.jsonl') as {
      conversations: { from: string; value: string }[]
      images: string[]
    }[]
    for (const { conversations, images } of rows) {
      const speakers = conversations.map(({ from }) => from)
      expect(speakers[0]).toBe('system')
      expect(speakers.slice(1).every((who, i) => who === (i % 2 === 0 ? 'human' : 'gpt'))).toBe(true)
      expect(speakers.at(-1)).toBe('gpt')
      const places = conversations.flatMap(({ value }) => value.match(/<image>/g) ?? [])
      expect(places.length).toBe(images.length)
      expect(images.length).toBe((conversations.length - 1) / 2)
      for (const path of images) expect(existsSync(join(folder, 'share', path))).toBe(true)
    }
    expect(Math.max(...rows.map(({ images }) => images.length))).toBeGreaterThan(1)
  })

  it("are TRL's as Parquet, with pictures inside, and a card counts the splits", async () => {
    const flags = ['--format', 'trl', '--parquet']
    expect(await written('trl', ...flags)).toBe(0)
    expect(await written('trl', ...flags, '--split', 'test')).toBe(0)
    const file = readFileSync(join(folder, 'trl/train.parquet'))
    const rows = await parquetReadObjects({ file: new Uint8Array(file).buffer, utf8: false })
    expect(rows).toHaveLength(6)
    const [{ prompt, completion, images, env_path }] = rows
    expect(prompt.map(({ role }: { role: string }) => role)).toEqual(['system', 'user'])
    expect(prompt[1].content.filter(({ type }: { type: string }) => type === 'image')).toHaveLength(1)
    expect(completion[0].content[0].text).toMatch(/<answer>/)
    expect((await loadImage(Buffer.from(images[0].bytes))).width).toBe(112)
    expect(readTask(env_path, envs).seed).toBe('1/0')
    expect(existsSync(join(folder, 'trl/pictures'))).toBe(false)
    const card = readFileSync(join(folder, 'trl/README.md'), 'utf8')
    expect(card).toMatch(/\| train \| 6 \| 0 \| trl \|/)
    expect(card).toContain('split: test\n        path: test.parquet')
  })

  it('are refused where they cannot hold what is asked', async () => {
    expect(await written('no', '--turns')).toBe(2)
    expect(await written('no', '--format', 'openai', '--parquet')).toBe(2)
    expect(existsSync(join(folder, 'no'))).toBe(false)
  })
})
