import type { Conversation, Modality } from '#core/play/policy'
import type { Evaluation, Stage } from '../recipe/recipe.ts'

/** How frames and texts are shown whose patches and words are aligned: alone. */
export const ALONE = {
  mode: 'online',
  actionsPerTurn: 1,
  maxTurns: 1,
  memoryActions: 0,
  memoryObservations: 1,
} as const

/** Every way in which a stage shows levels to its model. */
export function shownIn(stage: Stage): Conversation[] {
  if (!('conversation' in stage))
    return [
      { ...ALONE, modality: 'text' },
      { ...ALONE, modality: 'frame' },
    ]
  const { conversation } = stage
  if (!('frames' in stage)) return [conversation]
  const { frames, both, texts } = stage
  const shares: readonly [number, Modality][] = [
    [1 - frames - both - texts, conversation.modality],
    [frames, 'frame'],
    [both, 'both'],
    [texts, 'text'],
  ]
  return shares.flatMap(([share, modality]) => (share > 0 ? [{ ...conversation, modality }] : []))
}

/** Every way in which an evaluation shows levels. */
export function conversationsOf({ conversation, modalities }: Evaluation): Conversation[] {
  return modalities.map((modality) => ({ ...conversation, modality }))
}
