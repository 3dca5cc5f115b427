import type { Cell } from '../evaluation/cells.ts'
import type { EvaluateJob } from '../trainer/jobs.ts'
import type { Play } from './study.ts'

type Sharpness = NonNullable<Cell['sharpness']>
type Playing = EvaluateJob['agent']

/** Temperatures that are looked through, and how often what is left of them is halved. */
const RANGE = [0.02, 4] as const
const HALVINGS = 8

/**
 * How an agent is to play where all are to be as sharp as one of them: that one at the play's temperature, the others where
 * the entropy of their words, measured by `entropy`, is nearest to its. undefined where the play asks for no such thing.
 */
export async function sharpnessOf(
  { asSharpAs, temperature }: Play,
  agent: Playing,
  who: (agent: string) => Promise<Playing>,
  entropy: (agent: Playing, temperature: number) => Promise<number>,
): Promise<Sharpness | undefined> {
  if (asSharpAs === undefined) return undefined
  const model = await who(asSharpAs)
  const wanted = await entropy(model, temperature)
  if ('name' in agent && agent.name === asSharpAs) return { temperature, entropy: wanted, wanted }
  return temperatureFor(wanted, (temperature) => entropy(agent, temperature))
}

/** Looks for the temperature at which an entropy that rises with it is `wanted`. */
export async function temperatureFor(
  wanted: number,
  entropy: (temperature: number) => Promise<number>,
): Promise<Sharpness> {
  let [low, high] = RANGE as readonly number[]
  let best: Sharpness | undefined
  for (let i = 0; i < HALVINGS; i++) {
    const temperature = Math.sqrt(low * high)
    const found = await entropy(temperature)
    if (!best || Math.abs(found - wanted) < Math.abs(best.entropy - wanted)) {
      best = { temperature, entropy: found, wanted }
    }
    if (found < wanted) low = temperature
    else high = temperature
  }
  return best!
}
