/**
 * Does `work` for every item, `lanes` of them side by side, begun in order. After an error nothing more is begun.
 * @throws the first error, when those side by side have ended; the signal's reason before an item is begun.
 */
export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      signal?.throwIfAborted()
      await work(item)
    }
  }
  const stopped = (error: unknown): never => {
    waiting.length = 0
    throw error
  }
  const ends = await Promise.allSettled(Array.from({ length: lanes }, () => lane().catch(stopped)))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
