import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Cell } from '#agent/evaluation/cells'
import { courses, learntBy } from '#agent/recipe/courses'
import { collect, type SeedResults } from '#agent/study/reproduce'
import { temperatureFor } from '#agent/study/sharpness'
import { readStudy, seedsIn } from '#agent/study/study'
import { STUDIES } from '#cli/commands/reproduce'
import { type ReportFacts, reproductionReport } from '#cli/reproduction'
import { readTried } from '#cli/tried'
import { FileStore } from '#stores/files'
import { scratch } from '../agent/toy.ts'
import { run } from './run.ts'

/** A study of two stages that take one update each, on the smallest model. */
const TINY = `
title: Tiny
about: Whether anything is learnt in one update.
seeds: 11-12
chosen: []
recipe:
  name: tiny
  model: xs
  shards: 1
  data: [{ env: sokoban, config: { preset: tiny-1, maxLength: 4 } }]
  stages:
    - { name: fre, kind: fre, updates: 1, groups: 2, groupSize: 2, optimizer: { rate: 0.001 }, conversation: &talk { maxTurns: 2, actionsPerTurn: 2 } }
    - { name: mgt, kind: mgt, updates: 1, groups: 2, groupSize: 2, optimizer: { rate: 0.001 }, conversation: { maxTurns: 2, modality: frame } }
rows: [{ agent: start, name: base }, { agent: fre, name: FRE }, { agent: mgt, name: MGT }, { agent: expert, name: expert }]
plays:
  - { name: greedy, title: greedy, modality: text, temperature: 0, levels: 3, conversation: *talk }
  - { name: many, title: sampled, agents: [fre], modality: text, temperature: 1, samples: 2, levels: 2, conversation: *talk }
  - { name: sharp, title: equal entropy, agents: [fre, mgt], modality: text, temperature: 0.5, asSharpAs: fre, levels: 3, conversation: *talk }
steps: [2]
claims: [{ claim: FRE > base, agent: fre, baseline: start, play: greedy }]
races: [{ agent: mgt, against: fre }]
`

/** A cell whose levels are solved as `solved` says. */
function cell(agent: string, solved: readonly number[]): Cell {
  const results = solved.map((success, index) => ({
    index,
    seed: `${index}`,
    success: success === 1,
    return: 0,
    score: null,
    steps: 1 + (index % 4),
    turns: 1,
    malformed: 0,
    thoughts: 0,
    words: 0,
    claims: 0,
    truths: 0,
    outcome: '',
  }))
  return { agent, modality: 'text', blind: false, greedy: true, results }
}

describe('a report', () => {
  const frozen = readStudy(TINY, [], 'study tiny')
  const report = (seeds: SeedResults[], more: Partial<ReportFacts> = {}) =>
    reproductionReport({
      frozen,
      seeds,
      split: 'test',
      tried: [],
      command: 'x',
      machine: 'y',
      date: 'z',
      ...more,
    })
  /** Seeds whose `fre` gains `gain(seed)` of 40 levels on a base that solves 10. */
  const seeds = (n: number, gain: (seed: number) => number): SeedResults[] =>
    Array.from({ length: n }, (_, seed) => {
      const solve = (levels: number) =>
        Array.from({ length: 40 }, (_, i) => ((i + seed) % 40 < levels ? 1 : 0))
      const cells = new Map([
        ['start', cell('start', solve(10))],
        ['fre', cell('fre', solve(10 + gain(seed)))],
        ['expert', cell('expert', solve(40))],
      ])
      return { seed, cells: new Map([['greedy', cells]]), metrics: [] }
    })

  test('gives a verdict from eight seeds on, and only of what the seeds agree on', () => {
    const row = (seeds: SeedResults[]) =>
      report(seeds)
        .text.split('\n')
        .find((line) => line.startsWith('| FRE >'))
    expect(row(seeds(8, (seed) => 18 + (seed % 2)))).toMatch(/\| 46\.3 \[.*\| 8 of 8 \| shown \|$/)
    expect(row(seeds(7, () => 20))).toMatch(/\| 7 of 7 \| no verdict \|$/)
    expect(row(seeds(8, (seed) => (seed % 2 ? 20 : -10)))).toMatch(/\| 4 of 8 \| not shown \|$/)
    expect(row(seeds(8, (seed) => -5 - (seed % 3)))).toMatch(/\| 0 of 8 \| the opposite is shown \|$/)
    expect(row([])).toMatch(/\| not reached \|$/)
  })

  test('has a picture of every claim with a dot for every seed, and results by length', () => {
    const { text, pictures } = report(seeds(9, (seed) => seed))
    const svg = pictures.get('claim-1.svg') ?? ''
    expect(svg.match(/<circle/g)).toHaveLength(18)
    expect(svg).toContain('FRE &gt; base')
    expect(text).toContain('![FRE > base](claim-1.svg)')
    expect(text).toContain('| greedy | 1 to 2 (20) | above 2 (20) |')
  })

  test('has a map of greedy play over the frame episodes that agents have learnt from', () => {
    const { study } = readStudy(TINY, [], 'x')
    expect(['start', 'fre', 'mgt'].map((agent) => learntBy(study.recipe, agent))).toEqual([
      { text: 0, frame: 0 },
      { text: 4, frame: 0 },
      { text: 4, frame: 4 },
    ])
    const shuffled = readStudy(TINY, ['stages.fre.shuffleRewards=true'], 'x').study.recipe
    expect(learntBy(shuffled, 'mgt')).toBeNull()
    const seen = readStudy(
      TINY.replace('modality: text, temperature: 0', 'modality: frame, temperature: 0'),
      [],
      'x',
    )
    const { text, pictures } = report(
      seeds(3, (seed) => seed),
      { frozen: seen },
    )
    expect(text).toContain('(map-greedy.svg)')
    // Three trainings of the base and of FRE, which no text episode and four came before.
    expect(pictures.get('map-greedy.svg')?.match(/<circle/g)).toHaveLength(6)
    expect(pictures.get('map-greedy.svg')).toContain('after 4 text episodes')
  })

  test('names four lines of a map apart from each other and within it', () => {
    const text = [0, 3840, 4864, 15360]
    const played = text.map((text) => ({ learnt: { text, frame: 384 }, shares: [0.5, 0.6] }))
    const svg = courses('frames', [...played, { learnt: { text: 0, frame: 0 }, shares: [0.4] }])
    const at = [...(svg ?? '').matchAll(/<text x="(\d+)" y="40"[^>]*>([^<]*)</g)].map(
      ([, x, said]) => [Number(x), said.length] as const,
    )
    expect(at).toHaveLength(4)
    // A letter of this size is some 6.2 units wide.
    for (const [i, [x, length]] of at.entries()) expect(x + 6.2 * length).toBeLessThan(at[i + 1]?.[0] ?? 720)
  })

  test('has no map where nobody has learnt from frames', () => {
    const blind = TINY.replace('modality: text, temperature: 0', 'modality: frame, temperature: 0').replace(
      'name: mgt, kind: mgt',
      'name: mgt, kind: fre',
    )
    const read = readStudy(blind.replace('{ maxTurns: 2, modality: frame }', '*talk'), [], 'x')
    const { text } = report(
      seeds(3, (seed) => seed),
      { frozen: read },
    )
    expect(text).not.toContain('map-')
  })

  test('has no map where trainings begin with different bases', () => {
    const aligned = TINY.replace('modality: text, temperature: 0', 'modality: frame, temperature: 0')
      .replace(
        'stages:',
        'stages:\n    - { name: seen, kind: align, updates: 1, optimizer: { rate: 0.001 } }',
      )
      .replace('rows: [', 'rows: [{ agent: seen, name: seen }, ')
    const given = seeds(3, (seed) => seed)
    const both = given.map((one) => {
      const cells = new Map(one.cells.get('greedy'))
      return { ...one, cells: new Map([['greedy', cells.set('seen', cell('seen', [1]))]]) }
    })
    const frozen = readStudy(aligned, [], 'x')
    expect(report(given, { frozen }).text).toContain('map-greedy.svg')
    expect(report(both, { frozen }).text).not.toContain('map-')
  })

  test('tells how models answer', () => {
    const [one] = seeds(1, () => 0)
    const fre = cell('fre', [1, 0])
    const results = fre.results.map((result) => ({
      ...result,
      turns: 4,
      steps: 6,
      malformed: 1,
      thoughts: 4,
    }))
    const cells = new Map([['greedy', new Map([['fre', { ...fre, results }]])]])
    const { text } = report([{ ...one, cells }])
    expect(text).toMatch(
      /could not be read.*\n\n\| agent \| greedy \|.*\n.*\n\| FRE \| 25\.0 \(1\.5\) \| {2}\|/,
    )
  })

  test('tells results by where the levels come from', () => {
    const twice = TINY.replace(
      'levels: 3, conversation: *talk }\n  - { name: many',
      'levels: 3, data: [{ env: sokoban, config: { preset: tiny-1 } }, { env: football }], conversation: *talk }\n  - { name: many',
    )
    const { text } = report(
      [
        {
          seed: 1,
          cells: new Map([['greedy', new Map([['start', cell('start', [1, 0, 0, 1])]])]]),
          metrics: [],
        },
      ],
      { frozen: readStudy(twice, [], 'x') },
    )
    expect(text).toContain('| greedy | tiny-1 | football |\n|---|---|---|\n| base | 50.0 | 50.0 |\n')
  })

  test('tells the hash of the study and what was tried before', () => {
    const tried = [
      {
        date: 'd',
        seeds: '1',
        settings: 'stages.fre.updates=2',
        found: [{ claim: 'FRE > base', mean: 0.1, bySeed: [0.1] }],
      },
    ]
    const { text } = report(
      seeds(1, () => 3),
      { tried },
    )
    expect(text).toContain(`Study ${frozen.hash}`)
    expect(text).toContain('| d | 1 | stages.fre.updates=2 | FRE > base: 10.0 |')
  })
})

describe('a study', () => {
  test('explored on the command line trains its seeds side by side, keeps what is there, and logs what was tried', async () => {
    using place = scratch()
    const [file, out] = [join(place.folder, 'tiny.yaml'), join(place.folder, 'runs')]
    writeFileSync(file, TINY)
    const explore = (...words: string[]) =>
      run('reproduce', file, '--explore', '--backend', 'wasm', '--lanes', '2', '--out', out, ...words)
    const first = await explore('--seeds', '1,2')
    expect(first.code).toBe(0)
    expect(first.out[0]).toMatch(
      /^# Tiny\n.*`kickpush reproduce [^`]*tiny\.yaml --explore --seeds 1,2`.*valid levels/s,
    )
    const stores = {
      study: new FileStore(out),
      run: (seed: number) => new FileStore(join(out, `seed-${seed}`)),
    }
    const { study } = readStudy(TINY, [], 'tiny')
    const found = await collect(study, stores, [1, 2])
    expect(found.map(({ cells }) => [...(cells.get('greedy')?.keys() ?? [])])).toEqual(
      new Array(2).fill(['start', 'fre', 'mgt', 'expert']),
    )
    const sampled = found[0].cells.get('many')?.get('fre')?.results ?? []
    expect(sampled.map(({ index }) => index)).toEqual([0, 1, 0, 1])
    const sharp = found.map(({ cells }) =>
      [...(cells.get('sharp')?.values() ?? [])].map(({ sharpness }) => sharpness),
    )
    for (const [fre, mgt] of sharp) {
      expect(fre).toMatchObject({ temperature: 0.5, entropy: fre?.wanted })
      expect(mgt?.wanted).toBe(fre?.entropy)
      expect(Math.abs((mgt?.entropy ?? 9) / (fre?.entropy ?? 1) - 1)).toBeLessThan(0.05)
    }
    expect(sharp[0]).not.toEqual(sharp[1])
    expect(first.out[0]).toMatch(/\n\| equal entropy \| FRE \| 0\.500 \| \d\.\d{3} \| \d\.\d{3} \|\n/)
    expect(found[0].metrics.map(({ stage }) => stage)).toEqual(['fre', 'mgt'])
    // The scripted expert is the same for both seeds; models of their own are not.
    expect(found[0].cells.get('greedy')?.get('expert')).toEqual(found[1].cells.get('greedy')?.get('expert'))

    const figures = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
    expect(Object.keys(figures.solved.greedy.fre)).toEqual(['1', '2'])
    expect(figures.claims[0]).toMatchObject({ claim: 'FRE > base', verdict: 'no verdict' })

    const again = await explore('--seeds', '1,2')
    expect(again.err).toEqual([])
    const log = readTried(readFileSync(join(place.folder, 'tiny.tried.jsonl'), 'utf8'), 'log')
    expect(log.map(({ seeds, settings }) => [seeds, settings])).toEqual(
      new Array(2).fill(['1,2', 'as in the file']),
    )
    expect(log[0].found[0].bySeed).toHaveLength(2)
    expect(again.out[0]).toContain('| 1,2 | as in the file | FRE > base: ')

    const other = await explore('--seeds', '1,2', '--set', 'stages.fre.updates=2')
    expect(other.code).toBe(2)
    expect(other.err).toEqual([
      expect.stringMatching(/holds study "[0-9a-f]+", now "[0-9a-f]+": choose another folder/),
    ])
    const tested = await run('reproduce', file, '--out', out, '--seeds', '1')
    expect(tested.err).toEqual([expect.stringContaining('holds split "valid", now "test"')])
  })

  test('has a hash of what it says, not of how it is written', () => {
    const { hash, study } = readStudy(TINY, [], 'x')
    expect(readStudy(`# a comment\n${TINY}`, [], 'x').hash).toBe(hash)
    expect(readStudy(TINY, ['stages.fre.updates=2'], 'x').hash).not.toBe(hash)
    expect(study.recipe.stages[0].updates).toBe(1)
  })

  test.each([
    [TINY.replace('play: greedy }]', 'play: greddy }]'), /no play 'greddy'/],
    [TINY.replace('baseline: start', 'baseline: sft'), /'sft' does not play 'greedy'/],
    [TINY.replace('against: fre', 'against: direct'), /no stage 'direct'/],
    [TINY.replace('kind: fre, updates: 1', 'kind: fre, updates: 0'), /recipe, stage fre: 'updates'/],
    [TINY.replace('seeds: 11-12', 'seeds: ten'), /'seeds': .*ten/],
    [TINY.replace('name: many', 'name: greedy'), /'greedy' is there twice/],
    [TINY.replace('asSharpAs: fre', 'asSharpAs: start'), /play 'sharp', asSharpAs: 'start' does not play it/],
    [TINY.replace('agents: [fre, mgt]', 'agents: [fre, expert]'), /asSharpAs: 'expert' is no model/],
    [TINY.replace('temperature: 0.5', 'temperature: 0'), /asSharpAs: at temperature 0 nothing is drawn/],
    [TINY.replace('agents: [fre]', 'agents: [../fre]'), /a stage, 'start', a scripted agent/],
    ['title: [', /^x: /],
  ])('that cannot be run is refused in one line: %#', (text, message) => {
    expect(() => readStudy(text, [], 'x')).toThrow(message)
  })

  test('finds the temperature of an entropy, and what is nearest where there is none', async () => {
    const rises = async (temperature: number) => temperature ** 2
    const { temperature, entropy } = await temperatureFor(0.49, rises)
    expect(temperature).toBeCloseTo(0.7, 1)
    expect(entropy).toBeCloseTo(temperature ** 2)
    expect((await temperatureFor(99, rises)).temperature).toBeGreaterThan(3.9)
    expect((await temperatureFor(0, rises)).temperature).toBeLessThan(0.021)
  })

  test('names seeds by ranges', () => {
    expect(seedsIn('101-103,7,102', 'x')).toEqual([7, 101, 102, 103])
    expect(() => seedsIn('9-3', 'x')).toThrow("'9-3' is no range")
    expect(() => seedsIn('1;2', 'x')).toThrow('x')
  })

  test.each(STUDIES)(
    'that is shipped is whole, and its test seeds are none that choices are made with: %s',
    (name) => {
      const { study } = readStudy(readFileSync(`recipes/studies/${name}.yaml`, 'utf8'), [], name)
      const explored = new Set(seedsIn(study.explore, 'explore'))
      expect(seedsIn(study.seeds, 'seeds').some((seed) => explored.has(seed))).toBe(false)
    },
  )
})

describe('on the command line', () => {
  test.each([
    [['reproduce'], /which study\? \(.*lmm-r1.*\)/],
    [['reproduce', 'lmm-r2'], /did you mean 'lmm-r1'/],
    [['reproduce', 'lmm-r1', '--set', 'stages.fre.updates=1'], /--set needs --explore/],
    [['reproduce', 'lmm-r1', '--explore', '--seeds', '3,101'], /seed 101 is kept for the test/],
    [['reproduce', 'lmm-r1', '--seeds', 'many'], /--seeds/],
  ])('%s is refused', async (words, message) => {
    const { code, err } = await run(...words)
    expect(code).toBe(2)
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(message)
  })
})
