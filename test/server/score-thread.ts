import { answerJobs } from '#server/jobs'
import { rewardsOf, type Sample } from '#server/reward'

/** A reward for every letter, and whether the response is the label. */
const score = ({ response, label }: Sample) => ({
  reward: response.length,
  terms: (label ? { right: Number(response === label) } : {}) as Record<string, number>,
})

answerJobs((body: Uint8Array) => rewardsOf(body, async (samples) => samples.map(score)))
