import { append } from '#core/base/lists'
import { findEnv } from '#core/env/registry'
import { type Unreadable, unreadableIn } from '../model/readable.ts'
import { Vocabulary } from '../model/vocabulary.ts'
import { lessonData } from '../trainer/curriculum.ts'
import { openLevels, trainLevel } from '../trainer/levels.ts'
import { conversationsOf, shownIn } from '../trainer/shown.ts'
import { lookOf, looks } from '../trainer/valid.ts'
import type { Recipe, Source } from './recipe.ts'
import type { Resources, Start } from './resources.ts'

/** Does something that may be wrong; whether it was right. What is wrong is kept under the key. */
export type Attempt = (key: string, what: () => unknown) => Promise<boolean>

/** Every list of sources with its key. */
export function dataOf({ data, stages, evaluation }: Recipe): [string, readonly Source[]][] {
  const lists: [string, readonly Source[]][] = [['data', data]]
  for (const stage of stages) {
    const key = `stages.${stage.name}`
    if (stage.data) lists.push([`${key}.data`, stage.data])
    if (looks(stage) && stage.valid.data) lists.push([`${key}.valid.data`, stage.valid.data])
    if (!('groups' in stage) || !stage.curriculum) continue
    for (const lesson of stage.curriculum.lessons.keys()) {
      const levels = lessonData(stage.data ?? data, stage.curriculum, lesson)
      lists.push([`${key}.curriculum.lessons.${lesson}`, levels])
    }
  }
  if (evaluation?.data) lists.push(['evaluation.data', evaluation.data])
  return lists
}

/** What the recipe's model cannot read of some data, in all the ways that it is shown them. */
export function readerOf(recipe: Recipe, data: readonly Source[], { vocabulary, shape }: Start): Unreadable {
  const { evaluation } = recipe
  const conversations = recipe.stages.flatMap((stage) => [
    ...((stage.data ?? recipe.data) === data ? shownIn(stage) : []),
    ...(looks(stage) && lookOf(recipe, stage).data === data
      ? conversationsOf(lookOf(recipe, stage).evaluation)
      : []),
  ])
  if (evaluation && (evaluation.data ?? recipe.data) === data)
    append(conversations, conversationsOf(evaluation))
  return unreadableIn({ words: new Vocabulary(vocabulary), shape }, conversations)
}

/** Whether all levels of files are good, but for those that may be left out. */
export async function checkFiles(
  key: string,
  data: readonly Source[],
  unreadable: Unreadable | undefined,
  { envs, openPack }: Pick<Resources, 'envs' | 'openPack'>,
  leftOut: string[],
  attempt: Attempt,
): Promise<boolean> {
  let good = true
  for (const [i, source] of data.entries()) {
    if (!source.levels) continue
    const there = await attempt(`${key}.${i}.levels`, () => {
      const levels = openLevels(envs, [source], openPack, unreadable)
      append(leftOut, levels.sources[0].pack!.check())
      trainLevel(levels, 'check')
    })
    good &&= there
  }
  return good
}

/** Whether all sources are there, and give levels; of files that they are there. */
export async function checkSources(
  key: string,
  data: readonly Source[],
  { envs, openPack }: Pick<Resources, 'envs' | 'openPack'>,
  attempt: Attempt,
  list = true,
): Promise<boolean> {
  let good = true
  for (const [i, source] of data.entries()) {
    const at = list ? `${key}.${i}` : key
    const there =
      (await attempt(`${at}.env`, () => findEnv(envs, source.env))) &&
      (await attempt(`${at}.${source.levels ? 'levels' : 'config'}`, () => {
        const levels = openLevels(envs, [source], openPack)
        if (!source.levels) trainLevel(levels, 'check')
      }))
    good &&= there
  }
  return good
}
