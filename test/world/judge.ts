import { verifyRecord } from '#core/record/verify'
import { envs } from '#envs'
import { HAND } from '#server/records'
import type { Disk } from './disk.ts'
import { RUN, type Truth, withoutClocks } from './truth.ts'

/** A promise that does not hold, and where. */
export type Finding = readonly [promise: string, detail: string]

/** The run's folder must be that of an undisturbed run. */
export function judgeRun(disk: Disk, truth: Truth): Finding | null {
  const due = new Map(truth.files)
  for (const [path, bytes] of disk.contents(`runs/${RUN}`)) {
    const found = withoutClocks(path, bytes)
    const right = due.get(path)
    due.delete(path)
    if (found === right) continue
    const wrong = path.startsWith('report') ? 'a report tells what was measured' : 'a resumed run ends equal'
    return [wrong, right === undefined ? `${path} should not be there` : `${path}\n${diff(found, right)}`]
  }
  const [missing] = due.keys()
  return missing === undefined ? null : ['a resumed run ends equal', `${missing} is missing`]
}

/** Records that were handed in must verify, and those that were acknowledged must be there. */
export function judgeRecords(disk: Disk, acknowledged: readonly string[]): Finding | null {
  const kept = new Map(disk.contents(`runs/${HAND}/episodes`))
  for (const [name, bytes] of kept) {
    const { episodes, bad, torn } = verifyRecord(new TextDecoder().decode(bytes), envs)
    const right = !torn && bad.length === 0 && episodes[0]?.status === 'agrees'
    if (!right) return ['every record verifies', `${HAND}/episodes/${name}`]
  }
  const lost = acknowledged.find((id) => !kept.has(`${id.slice(HAND.length + 1)}.jsonl`))
  return lost === undefined ? null : ['what is acknowledged stays', `${lost} is gone`]
}

/** The first line that differs. */
function diff(found: string, right: string): string {
  const [a, b] = [found.split('\n'), right.split('\n')]
  const at = a.findIndex((line, i) => line !== b[i])
  return at < 0
    ? `it ends after line ${a.length} of ${b.length}`
    : `line ${at + 1}: ${a[at]}\ninstead of: ${b[at]}`
}
