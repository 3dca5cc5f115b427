import { Signal } from './signal.ts'

const query = matchMedia('(prefers-reduced-motion: reduce)')

/** Whether things may move on their way to a new place. */
export const motion = new Signal(!query.matches)

query.addEventListener('change', () => {
  motion.value = !query.matches
})
