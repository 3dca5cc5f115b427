import type { Store } from '#core/base/store'
import type { Host } from '../host.ts'
import { parseRecipe, type Recipe } from '../recipe/recipe.ts'
import { train } from '../trainer/train.ts'
import { type MarkHashes, watchMarks } from './marks.ts'

/** The first updates of a recipe's stages of text and of frames, on a few levels each. @param text of recipes/quick.yaml */
export function goldenRecipe(text: string): Recipe {
  const few = ['fre', 'mgt', 'shuffled'].map((stage) => `stages.${stage}.groups=4`)
  const recipe = parseRecipe(
    text,
    [...few, 'stages.fre.updates=3', 'stages.mgt.updates=2', 'checkpointEvery=1', 'exhibition=[]'],
    'the golden recipe',
  )
  return { ...recipe, stages: recipe.stages.slice(0, 2), evaluation: undefined }
}

/** Trains a recipe that makes a checkpoint of every update; tells the hashes of each. */
export async function trainGolden(
  host: Host,
  recipe: Recipe,
  store: Store,
  tell: (update: string, hashes: MarkHashes) => void,
  workers?: number,
): Promise<void> {
  const watched = watchMarks(store, (update, hashes) => tell(nameOf(recipe, update), hashes))
  await train({ host, recipe, store: watched, run: 'golden', workers, backend: 'wasm' })
}

/** "fre 2": which update of which stage it was; "start" is before the first. */
function nameOf({ stages }: Recipe, update: number): string {
  if (update === 0) return 'start'
  let left = update
  const stage = stages.find(({ updates }) => {
    if (left <= updates) return true
    left -= updates
    return false
  })
  return `${stage?.name} ${left}`
}
