/**
 * The quick recipe: FRE above base on text and MGT above base on frames, sampled and at temperature 0, paired on 500 test
 * levels, beyond the 95 % interval; the agent shown another level falls to about random, and training with shuffled rewards adds nothing.
 * Minutes on two free cores. `--run <folder>` reads a run that is there already.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Cell } from '#agent/evaluation/cells'
import { pairedDifference } from '#agent/evaluation/statistics'
import { claim, kickpush, show } from './show.ts'

/** Points above random that an agent may have which cannot see its level. */
const ABOUT_RANDOM = 5

await show((folder) => {
  const at = process.argv.indexOf('--run')
  const run = at >= 0 ? process.argv[at + 1] : join(folder, 'quick')
  if (at < 0) {
    const trained = kickpush('train', 'recipes/quick.yaml', '--out', run)
    claim('the quick recipe trains', trained.code === 0, trained.err.trim().split('\n').at(-1))
  }
  const solved = (name: string): number[] => {
    const cell = Cell.parse(JSON.parse(readFileSync(join(run, 'evaluation', `${name}.json`), 'utf8')))
    return cell.results.map(({ success }) => (success ? 100 : 0))
  }
  const difference = (a: string, b: string) => {
    const { mean, low, high } = pairedDifference(solved(a), solved(b))
    return { mean, low, high, text: `${mean.toFixed(1)} points [${low.toFixed(1)}, ${high.toFixed(1)}]` }
  }
  claim('500 test levels', solved('start-text').length === 500)
  for (const how of ['', '-greedy']) {
    const at = how === '' ? 'sampled' : 'at temperature 0'
    const fre = difference(`fre-text${how}`, `start-text${how}`)
    claim(`FRE is above base on text, ${at}`, fre.low > 0, fre.text)
    const mgt = difference(`mgt-frame${how}`, `start-frame${how}`)
    claim(`MGT is above base on frames, ${at}`, mgt.low > 0, mgt.text)
  }
  const blind = difference('mgt-frame-blind', 'random')
  claim("shown another level's observation, MGT falls to about random", blind.mean < ABOUT_RANDOM, blind.text)
  const shuffled = difference('shuffled-text', 'start-text')
  claim('shuffled rewards do not lift the base', shuffled.low <= 0, shuffled.text)
})
