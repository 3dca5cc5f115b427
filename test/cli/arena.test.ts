import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { completion, type FakeChat, fakeChat } from '../chat-server.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'kickpush-arena-'))
afterAll(() => rmSync(folder, { recursive: true }))
const line = ['--env', 'sokoban', '--config', 'preset=tiny-1', '--max-turns', '20']

describe('kickpush arena', () => {
  it('rates agents by who does better on each level', async () => {
    const { code, out } = await run('arena', 'random', 'expert', ...line, '--episodes', '6', '--json')
    expect(code).toBe(0)
    const { players, pairs, games, failed } = JSON.parse(out[0])
    expect({ games, failed, pairs: pairs.length }).toEqual({ games: 6, failed: 0, pairs: 1 })
    expect(players.map(({ name }: { name: string }) => name)).toEqual(['expert', 'random'])
    expect(players[0].rating.low).toBeGreaterThan(players[1].rating.mean)
    const told = await run('arena', 'random', 'expert', ...line, '--episodes', '6')
    expect(told.out[0]).toContain('6 pairings, on each level who does better')
    expect(told.out[2]).toMatch(/^ {2}expert +\d+ \[/)
  })

  it('has a row for a person whose games were recorded', async () => {
    const file = join(folder, 'hand.jsonl')
    await run('play', ...line.slice(0, 4), '--seed', 'h', '--agent', 'expert', '--record', file)
    const record = readFileSync(file, 'utf8').replace('"agents":["expert"]', '"agents":["human"]')
    expect(record).toContain('human')
    writeFileSync(file, record)
    const { out } = await run(...['arena', 'random', ...line, '--episodes', '3', '--records', file, '--json'])
    const { players, games } = JSON.parse(out[0])
    expect(games).toBe(1)
    expect(players.map(({ name }: { name: string }) => name)).toEqual(['human', 'random'])
  })

  it.each([
    [['arena', 'expert', ...line], /give two agents or more \(got 1\)/],
    [['arena', 'expert', 'expert', ...line], /'expert' is named twice/],
    [['arena', 'expert', 'randm', ...line], /did you mean 'random'/],
    [['arena', 'expert', ...line, '--records', join(folder, 'none')], /cannot read/],
  ])('%j is refused in one line', async (words, message) => {
    const { code, out, err } = await run(...words)
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err.join('\n')).toMatch(message)
  })
})

describe('kickpush compare --variant', () => {
  let server: FakeChat
  beforeAll(async () => {
    server = await fakeChat((asked, response) => {
      const system = JSON.stringify(asked.body.messages[0])
      const thinks = system.includes('<think>')
      response.end(
        JSON.stringify(completion(thinks ? '<think>t</think><answer>Up</answer>' : '<answer>Up</answer>')),
      )
    })
  })
  afterAll(() => server.close())

  it('asks in every way, and in the first way twice', async () => {
    const prompt = join(folder, 'prompt.txt')
    writeFileSync(prompt, 'You push boxes.\n{rules}\n{actions}\n{format}\n')
    const { code, out } = await run(
      ...[
        'compare',
        `chat:m@${server.origin}`,
        ...line.slice(0, 4),
        '--episodes',
        '2',
        '--max-turns',
        '3',
        '--json',
      ],
      ...['--variant', 'thought=false', '--variant', `prompt=${prompt},modality=frame`],
      ...['--variant', '{"extraBody":{"top_k":1},"memoryActions":0}'],
    )
    expect(code).toBe(0)
    const { arms, floor } = JSON.parse(out[0])
    expect(arms.map(({ name }: { name: string }) => name)).toEqual([
      ...['base', 'base again', 'thought=false', `prompt=${prompt},modality=frame`],
      '{"extraBody":{"top_k":1},"memoryActions":0}',
    ])
    expect(floor).toEqual({ success: 0, return: 0 })
    // Nobody's format was wrong: an answer alone is what that arm asks for.
    for (const arm of arms)
      expect({ lenient: arm.lenient, malformed: arm.malformed }).toEqual({ lenient: 0, malformed: 0 })
    const asked = server.asked.map(({ body }) => body)
    expect(asked).toHaveLength(5 * 2 * 3)
    const system = (i: number) => JSON.stringify(asked[i].messages[0])
    expect(system(0)).toContain('First think')
    expect(system(12)).toContain('without any thought')
    expect(system(12)).not.toContain('<think>')
    expect(system(18)).toContain('You push boxes.')
    expect(JSON.stringify(asked[18].messages)).toContain('image_url')
    expect(asked[24]).toMatchObject({ top_k: 1 })
    expect(asked[29].messages.filter(({ role }) => role === 'assistant')).toHaveLength(0)
    expect(asked[5].messages.filter(({ role }) => role === 'assistant')).toHaveLength(2)
  })

  it('tells the noise and what is beyond it', async () => {
    const { out } = await run(
      ...['compare', 'random', ...line, '--episodes', '30', '--variant', 'actionsPerTurn=5'],
    )
    expect(out[0]).toContain('random on sokoban, test levels: 30 episodes an arm, paired by seed')
    expect(out.filter((text) => /^ {4}base again /.test(text))).toHaveLength(2)
    expect(out.some((text) => /actionsPerTurn=5 .*beyond the noise$/.test(text))).toBe(true)
    expect(out.at(-1)).toMatch(/^noise: base and base again may differ by 0\.\d+ in success/)
  })

  it.each([
    [['random', '--variant', 'modlity=frame'], /--variant modlity=frame: .*did you mean/],
    [['random', '--variant', 'modality=smell'], /--variant modality=smell: .*text, frame, both/],
    [['random', '--variant', 'thought=false'], /thought is of agents that read prompts/],
    [['random', '--variant', 'modality=text'], /asks as flags do/],
    [['random', '--variant', 'prompt'], /--variant takes JSON or key=value/],
    [['random', 'expert', '--variant', 'mode=global'], /--variant is of one agent \(got 2\)/],
  ])('%j is refused in one line', async (words, message) => {
    const { code, out, err } = await run('compare', ...words, ...line, '--episodes', '2')
    expect({ code, out }).toEqual({ code: 2, out: [] })
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
  })
})
