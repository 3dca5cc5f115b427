import { describe, expect, test } from 'vitest'
import { openPack } from '#agent/hosts/node/packs'
import { SIZES } from '#agent/model/shape'
import { registryWords, Vocabulary } from '#agent/model/vocabulary'
import { examine, type Practice } from '#agent/recipe/doctor'
import type { Finding } from '#agent/recipe/finding'
import { parseRecipe } from '#agent/recipe/recipe'
import type { Env } from '#core/env/env'
import { envs } from '#envs'
import { four } from '../../games/four.ts'
import { mines as given } from '../../games/mines.ts'

const mines = given as Env

const RECIPE = `
name: looked-at
model: xs
data: [{ env: mines, config: { size: 4 } }]
stages:
  - name: fre
    kind: fre
    updates: 2
    groups: 12
    conversation: { actionsPerTurn: 1, maxTurns: 20, memoryActions: 1 }
    reward: { measure: return, scale: 0.5 }
    optimizer: { rate: 1.0e-3 }
`

/** What is found in the recipe, written over, with a game in the place of its own. */
async function look(overrides: readonly string[], game = mines, practice: Partial<Practice> = {}) {
  const all = [game, four as Env, ...envs]
  const words = new Vocabulary(registryWords([game]))
  const recipe = parseRecipe(RECIPE, overrides, 'recipe')
  return examine(recipe, { envs: all, openPack, shape: SIZES.xs, words, ...practice })
}
const wrong = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ advice }) => advice !== undefined)

describe('a recipe that is looked at before it is trained', () => {
  test('is told what was measured where nothing is wrong, the same every time', async () => {
    const findings = await look([])
    expect(wrong(findings)).toEqual([])
    expect(findings.map(({ what }) => what)).toEqual([
      'levels of mines',
      'action names of mines',
      'longest prompt',
      'rewards of mines',
      'groups whose episodes all score the same',
    ])
    expect(findings[0].value).toMatch(/^\d+ train, \d+ valid, \d+ test different ones in 400 seeds$/)
    expect(findings[2].value).toMatch(/^\d+ slots of 128$/)
    expect(await look([])).toEqual(findings)
  })

  test.each<[string, readonly string[], string, RegExp, RegExp, Env?, Partial<Practice>?]>([
    [
      'a mine that costs nothing under the rule',
      ['stages.fre.reward.measure=best-prefix'],
      "the cost 'mine' of mines",
      /^-1 in each of \d+ of 96 episodes; format-accuracy \(best-prefix\) pays the same without it$/,
      /set reward\.measure to return/,
    ],
    [
      'the same by a rule that cannot be told otherwise',
      ['stages.fre.reward.rule=magebench'],
      "the cost 'mine' of mines",
      /magebench pays the same without it/,
      /take format-accuracy with measure: return/,
    ],
    [
      'rewards that vanish beside the format',
      ['stages.fre.reward.scale=0.005'],
      'what the game pays beside the format',
      /between the worst and the best episode, the format 0\.5/,
      /raise reward\.scale \(0\.005\) to about 0\.\d+/,
    ],
    [
      'rewards that drown the format',
      ['stages.fre.reward.scale=100'],
      'what the format pays beside the game',
      /^0\.5, the game \d+ between/,
      /lower reward\.scale \(100\) to about 0\.\d+/,
    ],
    [
      'groups that teach nothing',
      [
        'data.0.env=sokoban',
        'data.0.config={preset: large-v0, maxSteps: 4}',
        'stages.fre.reward.measure=best-prefix',
      ],
      'groups whose episodes all score the same',
      /^\d+ of 12 \(played by random, 0 % success\)$/,
      /easier levels, imitation before it/,
      undefined,
      { shape: SIZES.m, words: new Vocabulary(registryWords(envs)) },
    ],
    [
      'groups of one',
      ['stages.fre.groupSize=1'],
      'groups whose episodes all score the same',
      /^12 of 12/,
      /raise groupSize, or take ppo/,
    ],
    [
      'an action of two words',
      [],
      'action names of mines',
      /^'open b1' is written as 'open, b1'$/,
      /name the action by one of the words/,
      {
        ...mines,
        actions: (config) => mines.actions(config).map((name) => (name === 'b1' ? 'open b1' : name)),
        words: [...mines.words!, 'open'],
      },
    ],
    [
      'one level for all',
      ['data.0.config={size: 4, level: [1, 2]}'],
      'levels of mines',
      /different ones in 400 seeds/,
      /learnt by heart/,
    ],
    [
      'a frame that is not made of patches',
      ['stages.fre.conversation.modality=frame'],
      'frame of mines',
      /^85x80/,
      /patches of 16x16/,
      { ...mines, frame: () => ({ width: 85, height: 80 }) },
    ],
    [
      'a frame larger than the model',
      ['stages.fre.conversation.modality=frame'],
      'frame of mines',
      /^640x640, 40x40 patches$/,
      /the model has 24x24 places/,
      { ...mines, frame: () => ({ width: 640, height: 640 }) },
    ],
    [
      'a prompt beyond the context',
      ['stages.fre.conversation.memoryObservations=2'],
      'longest prompt',
      /the model's context 24/,
      /lower memoryActions or memoryObservations/,
      undefined,
      { shape: { ...SIZES.xs, context: 24 } },
    ],
    [
      'words that the model does not know',
      [],
      'words it does not know',
      /^\d+ \(dark /,
      /add them to the game's words/,
      { ...mines, words: mines.words!.filter((word) => !/^n\d$|dark/.test(word)) },
    ],
    [
      'answers that are longer than what the model writes',
      ['stages.fre.conversation.actionsPerTurn=40'],
      'longest answer',
      /^45 words of 32 without a thought$/,
      /lower actionsPerTurn/,
    ],
  ])('is told of %s', async (_, overrides, what, value, advice, game, practice) => {
    const found = wrong(await look(overrides, game, practice))
    const finding = found.find((one) => one.what === what)
    expect(finding?.value).toMatch(value)
    expect(finding?.advice).toMatch(advice)
  })

  test('is played against the opponents it names, and judged by the seat that learns', async () => {
    const recipe = ['data.0.env=four', 'data.0.config={preset: wide}']
    const words = { shape: SIZES.s, words: new Vocabulary(registryWords([four as Env])) }
    const successOf = async (opponent: string) => {
      const findings = await look([...recipe, `stages.fre.opponents=[${opponent}]`], mines, words)
      return Number(
        / ([\d.]+) % success/.exec(findings.find(({ what }) => what.startsWith('groups'))!.value)?.[1],
      )
    }
    expect(await successOf('random')).toBeGreaterThan(30)
    expect(await successOf('expert')).toBeLessThan(20)
  })

  test('is not blamed for groups and costs that stages before it will change', async () => {
    const before =
      '{name: base, kind: base, updates: 1, optimizer: {rate: 0.001}, conversation: {maxTurns: 20}}'
    const stages = parseRecipe(RECIPE, [], 'recipe').stages
    const findings = await look([`stages=[${before}, ${JSON.stringify({ ...stages[0], groupSize: 1 })}]`])
    const groups = findings.find(({ what }) => what.startsWith('groups'))
    expect(groups?.value).toContain('in the place of what the stages before it teach')
    expect(groups?.advice).toBeUndefined()
  })
})
