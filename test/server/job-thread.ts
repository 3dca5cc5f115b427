import { answerJobs } from '#server/jobs'

const done: string[] = []

/** Remembers the jobs it did; "break" ends the thread, "wait" takes until the flag is up. */
answerJobs(({ name, flag }: { name: string; flag?: SharedArrayBuffer }) => {
  if (name === 'break') setTimeout(() => process.exit(1))
  if (flag) Atomics.wait(new Int32Array(flag), 0, 0)
  if (name === 'break') return new Promise(() => {})
  done.push(name)
  return [...done]
})
