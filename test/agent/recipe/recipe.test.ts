import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseAnswer } from '#agent/dialogue/answer'
import { openPack } from '#agent/hosts/node/packs'
import { readRecipe } from '#agent/hosts/node/recipe'
import { parseRecipe, recipeSchema } from '#agent/recipe/recipe'
import { samples } from '#agent/trainer/corpus'
import { heldOutLevels, openLevels, trainLevel } from '#agent/trainer/levels'
import { rateAt } from '#agent/trainer/schedule'
import { seeded } from '#core/base/random'
import { Conversation } from '#core/play/policy'
import { envs } from '#envs'
import { toy } from '../toy.ts'

describe('a recipe', () => {
  const files = readdirSync('recipes').filter((name) => name.endsWith('.yaml'))

  test.each(files)('%s is read', async (file) => {
    const recipe = await readRecipe(`recipes/${file}`)
    expect(recipe.stages.length).toBeGreaterThan(0)
    expect(() => openLevels(envs, recipe.data, openPack)).not.toThrow()
  })

  test('can be written over by name, by number and with any value', () => {
    const recipe = toy('seed=7', 'stages.fre.updates=11', 'stages.0.batch=3', 'stages.fre.algorithm.name=ppo')
    expect(recipe.seed).toBe('7')
    expect(recipe.stages[0]).toMatchObject({ batch: 3 })
    expect(recipe.stages[1]).toMatchObject({ updates: 11, algorithm: { name: 'ppo' } })
  })

  test.each([
    ['stages.fre.update=3', "unknown key 'update'; did you mean 'updates'?"],
    ['stages.fer.updates=3', "no 'fer'; did you mean 'fre'?"],
    ['stages.fre.kind=fer', 'no kind "fer"; did you mean \'fre\'?'],
    ['shards=0', "'shards'"],
    ['stages.fre.from=mgt', "starts from 'mgt', which is not before it"],
    ['stages.shuffled.name=fre', "two stages are named 'fre'"],
    ['updates', 'write key=value'],
    ['stages.0.batch=1', 'batch makes 1 part, too few for 2 shards'],
    ['evaluation.agents=["chat:m@http://u:secret@h/v1"]', 'must hold no password or key'],
    ['stages.fre.opponents=["chat:m@http://u:secret@h/v1"]', "'opponents.0' must hold no password or key"],
    ['stages.fre.opponents=["frozen:nope"]', "opponents: 'frozen:nope' is no stage before it"],
    ['stages.fre.opponents=["frozen:fre"]', "opponents: 'frozen:fre' is no stage before it"],
    ['stages.fre.pool={}', "pool: 'pool' is not among the opponents"],
    [
      'stages.fre={kind: fre, name: fre, updates: 1, optimizer: {rate: 1}, opponents: [self], valid: {}}',
      'valid: nobody looks at levels against opponents',
    ],
    ['stages.fre.opponents=[]', 'opponents'],
    ['stages.fre.groups=1', 'groups makes 1 part, too few for 2 shards'],
  ])('%s is refused: %s', (override, message) => {
    expect(() => toy(override)).toThrow(message)
  })

  test('that is no YAML is refused in one line', () => {
    expect(() => parseRecipe('name: [', [], 'recipe x')).toThrow(/^recipe x: .+$/)
  })

  test('has a JSON schema, which editors find beside it', () => {
    const published = JSON.parse(readFileSync('recipes/schema.json', 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(recipeSchema())))
    for (const file of ['base.yaml', 'quick.yaml', 'xs.yaml']) {
      expect(readFileSync(`recipes/${file}`, 'utf8')).toMatch(
        /^# yaml-language-server: \$schema=schema.json\n/,
      )
    }
  })
})

test('the rate rises, stays and falls', () => {
  const optimizer = {
    rate: 1,
    beta1: 0.9,
    beta2: 0.95,
    weightDecay: 0,
    clip: 1,
    warmup: 2,
    decay: 0.5,
    floor: 0.1,
  }
  const rates = Array.from({ length: 8 }, (_, i) => rateAt(optimizer, i, 8))
  // Falling from the middle: 4, 3, 2, 1 of 4 steps left of it.
  expect(rates.map((rate) => Math.round(rate * 1000) / 1000)).toEqual([0.5, 1, 1, 1, 1, 0.775, 0.55, 0.325])
})

describe('levels', () => {
  const levels = openLevels(envs, [{ env: 'sokoban', config: { preset: 'tiny-1' }, weight: 1 }], openPack)
  const keyOf = ({ env, config, seed }: ReturnType<typeof trainLevel>) => env.levelKey?.(config, seed)

  test('for training and for tests share none', () => {
    const held = [...heldOutLevels(levels, 'valid', 'v', 40), ...heldOutLevels(levels, 'test', 't', 40)]
    const keys = new Set(held.map(keyOf))
    expect(keys.size).toBe(80)
    for (let i = 0; i < 200; i++) expect(keys.has(keyOf(trainLevel(levels, `t${i}`)))).toBe(false)
  })

  test('make samples whose answers parse and whose thoughts are true', () => {
    const conversation = Conversation.parse({ actionsPerTurn: 4, maxTurns: 4 })
    let solutions = 0
    for (let i = 0; i < 60; i++) {
      const mixture = { conversation, walks: 0.5, expert: 'expert', turnsShown: 1, astray: 4, fromStart: 0.5 }
      const level = (attempt: number) => trainLevel(levels, `s${i}.${attempt}`)
      const [{ prompt, response, solution }] = samples(level, mixture, seeded(`d${i}`))
      if (solution) solutions++
      const answer = parseAnswer(response, ['Up', 'Down', 'Left', 'Right'], 4)
      expect(answer.valid).toBe(true)
      expect(prompt.observation.text?.split('\n').length).toBe(7)
    }
    expect(solutions).toBeGreaterThan(15)
    expect(solutions).toBeLessThan(45)
  })

  test('in other pixels show the same turns', () => {
    const conversation = Conversation.parse({ modality: 'frame', actionsPerTurn: 4, maxTurns: 4 })
    const plain = { conversation, walks: 0, fromStart: 0.5, expert: 'expert', turnsShown: 4, astray: 4 }
    const level = (attempt: number) => trainLevel(levels, `pixels.${attempt}`)
    const shown = (augment?: boolean) => samples(level, { ...plain, augment }, seeded('pixels'))
    const [as, changed, again] = [shown(), shown(true), shown(true)]
    expect(shown(false)).toEqual(as)
    expect(again).toEqual(changed)
    expect(changed.map(({ response }) => response)).toEqual(as.map(({ response }) => response))
    for (const [i, { prompt }] of changed.entries()) {
      const [before, after] = [as[i].prompt.observation.frame, prompt.observation.frame]
      expect(after?.data.length).toBe(before?.data.length)
      expect(after?.data).not.toEqual(before?.data)
    }
  })

  test('that are sketched follow one plan from where it begins to its end', () => {
    const conversation = Conversation.parse({ actionsPerTurn: 6, maxTurns: 30, memoryActions: 30 })
    const mixture = { conversation, walks: 0, expert: 'expert', turnsShown: 30, astray: 4, fromStart: 0.5 }
    for (let i = 0; i < 4; i++) {
      const level = (attempt: number) => trainLevel(levels, `sketched${i}.${attempt}`)
      const shown = samples(level, { ...mixture, sketched: true }, seeded(`sketched${i}`))
      const turns = shown.toSorted((a, b) => a.prompt.history.length - b.prompt.history.length)
      expect(turns.length).toBeGreaterThan(0)
      for (const { response, sketch } of turns) {
        const first = response.match(/push (Up|Down|Left|Right) r(\d+) c(\d+)/)
        const left = sketch!.answers[0].filter((answer) => answer > 0).length
        expect(left).toBeGreaterThan(0)
        if (first === null) continue
        const [, direction, row, column] = first
        const place = (Number(row) - 1) * sketch!.columns + Number(column) - 1
        expect(['Up', 'Down', 'Left', 'Right'][sketch!.answers[0][place] - 1]).toBe(direction)
        const answer = parseAnswer(response, ['Up', 'Down', 'Left', 'Right'], 6)
        expect(Math.max(...sketch!.answers[2])).toBe(answer.valid ? answer.actions.length : -1)
      }
      // The last turn does the last pushes: all that is left of the plan is done in it.
      const last = turns.at(-1)!.sketch!
      const places = (question: number) => [...last.answers[question]].filter((answer) => answer > 0).length
      expect(places(0)).toBeLessThanOrEqual(places(1))
      const unsketched = samples(level, mixture, seeded(`sketched${i}`))
      expect(unsketched.every(({ sketch }) => sketch === undefined)).toBe(true)
    }
  })

  test('show several turns of an episode, each once', () => {
    const conversation = Conversation.parse({ actionsPerTurn: 1, maxTurns: 30, memoryActions: 30 })
    const mixture = { conversation, walks: 0, expert: 'expert', turnsShown: 3, astray: 30, fromStart: 0.5 }
    const level = (attempt: number) => trainLevel(levels, `long.${attempt}`)
    const shown = samples(level, mixture, seeded('three'))
    expect(shown.length).toBe(3)
    expect(new Set(shown.map(({ prompt }) => prompt.history.length)).size).toBe(3)
  })
})
