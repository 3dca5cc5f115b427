const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, (answer: unknown) => void>()
const updates: number[] = []
let asked = 0

worker.onmessage = ({ data }) => {
  if (data.update !== undefined) updates.push(data.update)
  else {
    waiting.get(data.id)?.(data)
    waiting.delete(data.id)
  }
}
worker.onerror = (event) => {
  for (const answer of waiting.values()) answer({ error: { name: 'Error', message: event.message } })
}

/** Bytes travel between Node and a page as base64. */
const write = (_: string, value: unknown): unknown => {
  if (!(value instanceof Uint8Array)) return value
  let letters = ''
  for (const byte of value) letters += String.fromCharCode(byte)
  return { base64: btoa(letters) }
}
const read = (_: string, value: { base64?: string } | null): unknown =>
  typeof value?.base64 === 'string'
    ? Uint8Array.from(atob(value.base64), (letter) => letter.charCodeAt(0))
    : value

Object.assign(globalThis, {
  updates,
  /** Asks the worker; JSON in and out. */
  ask: (job: string, given: string) =>
    new Promise((resolve) => {
      const id = asked++
      waiting.set(id, (answer) => resolve(JSON.stringify(answer, write)))
      worker.postMessage({ id, job, given: JSON.parse(given, read) })
    }),
})
