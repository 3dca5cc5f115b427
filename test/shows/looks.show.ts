/**
 * What looking more often is worth: the base of the study football-transfer plays drills of Football greedily in text, and of
 * each of its answers only the first few actions are played before it looks again, in as many steps. What FRE on Sokoban gains
 * there is to be held against it. A minute.
 */
import { evaluate } from '#agent/evaluation/evaluate'
import { interval, percent } from '#agent/evaluation/statistics'
import { chooseBackend } from '#agent/hosts/node/backend'
import { findModel, loadModel } from '#agent/hosts/node/models'
import { openPack } from '#agent/hosts/node/packs'
import { mini } from '#agent/policies/mini'
import { heldOutLevels, openLevels } from '#agent/trainer/levels'
import { Conversation } from '#core/play/policy'
import { envs } from '#envs'
import { claim, show } from './show.ts'

const DRILLS = { taught: ['empty_goal', 'run', 'keeper', 'pass'], 'not taught': ['race', 'attack'] }
const STEPS = 120

await show(async () => {
  await chooseBackend('auto')
  for (const [name, drills] of Object.entries(DRILLS)) {
    const data = drills.map((drill) => ({ env: 'football', config: { preset: `drill_${drill}` }, weight: 1 }))
    const levels = heldOutLevels(openLevels(envs, data, openPack), 'test', 'study', 160)
    const shares: number[] = []
    for (const actionsPerTurn of [6, 4, 3, 2]) {
      const policy = mini(loadModel(findModel('football-transfer-base')).model, {
        id: 'base',
        temperature: 0,
        probabilities: false,
        ownsModel: true,
      })
      const maxTurns = STEPS / actionsPerTurn
      const results = await evaluate({
        levels,
        policies: [policy],
        conversation: Conversation.parse({ actionsPerTurn, maxTurns, memoryActions: 1 }),
        sampling: 'study',
      })
      policy.dispose?.()
      const won = interval(results.map(({ success }) => (success ? 1 : 0)))
      shares.push(won.mean)
      console.log(`     ${name}, ${actionsPerTurn} actions an answer at most: ${percent(won)} %`)
    }
    claim(
      `${name}: the base gains 5 points by looking twice as often`,
      shares[2] - shares[0] >= 0.05,
      `${(100 * (shares[2] - shares[0])).toFixed(1)}`,
    )
  }
})
