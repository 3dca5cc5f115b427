import { type CreditPanel, creditPanel } from './credit.ts'
import { eyesPanel } from './eyes.ts'
import type { Film, Mark } from './film.ts'
import { insightPanel } from './insight.ts'
import { observationPanel } from './observation.ts'
import { onwardsPanel } from './onwards.ts'
import { turnPanel } from './turn.ts'

/** The panels beside an episode's board: what was said, learnt and seen, and what can be done from here. */
export interface Side {
  readonly elements: readonly HTMLElement[]
  /** What training used of its turns. */
  readonly credit: CreditPanel
  /** `marks` are the moments known so far. */
  show(t: number, seat: number, marks: readonly Mark[]): void
  dispose(): void
}

/** @param goTo is given the step that was pressed; `changed` hears when more is known of the film. */
export function sidePanels(film: Film, goTo: (t: number) => void, changed: () => void): Side {
  const credit = creditPanel(film, changed)
  const turn = turnPanel(film, goTo, credit.of)
  const observation = observationPanel(film)
  const eyes = eyesPanel(film, changed)
  const insight = insightPanel(film)
  const onwards = onwardsPanel(film)
  return {
    elements: [turn, credit, observation, eyes, insight, onwards].map(({ element }) => element),
    credit,
    show(t, seat, marks) {
      turn.show(t, seat)
      credit.show(t, seat)
      observation.show(t, seat)
      eyes.show(t, seat)
      insight.show(t)
      onwards.show(t, seat, marks)
    },
    dispose() {
      credit.dispose()
      eyes.dispose()
      insight.dispose()
    },
  }
}
