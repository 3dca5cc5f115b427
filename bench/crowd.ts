// Acceptance figures of the server, one JSON line each: a crowd of watchers, then hostile messages beside a smaller one.
//   node --expose-gc --import tsx --conditions=source bench/crowd.ts [seconds] [hostile messages]
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { beside, CROWD, Loaded } from './server.ts'
import type { Report } from './watchers.ts'

const seconds = Number(process.argv[2] ?? 15)
const hostile = Number(process.argv[3] ?? 10_000)
const megabytes = (bytes: number) => Math.round(bytes / (1 << 20))
const round = (value: number) => Number(value.toFixed(3))

/** What watchers and this process did while `work` went on. */
async function during(loaded: Loaded, work: () => Promise<unknown>) {
  await loaded.report()
  let peak = 0
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 100)
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  const report: Report = await loaded.report()
  const wall = (performance.now() - start) / 1000
  clearInterval(look)
  return {
    seconds: round(wall),
    messagesPerSecond: Math.round(report.messages / wall),
    eventsPerSecond: Math.round(report.events / wall),
    gaps: report.gaps,
    p50: Math.round(report.p50),
    p99: Math.round(report.p99),
    max: Math.round(report.max),
    serverCpu: round((user + system) / 1e6 / wall),
    loadCpu: round(report.cpu / wall),
    serverPeakMB: megabytes(peak),
    result,
  }
}

function heap(): number {
  globalThis.gc?.()
  return megabytes(process.memoryUsage().heapUsed)
}

const crowd = await Loaded.open(CROWD)
console.log(JSON.stringify({ ...CROWD, ...(await during(crowd, () => sleep(1000 * seconds))) }))
await crowd.close()

const few = { watchers: 50, boards: 10, turnsPerSecond: 20 }
const quiet = await Loaded.open(few)
const before = heap()
const attacked = await during(quiet, async () => {
  const child = beside('hostile', [quiet.serving.url, String(hostile)])
  const [told] = await once(child, 'message')
  await once(child, 'exit')
  return told
})
await sleep(1000)
console.log(JSON.stringify({ ...few, ...attacked, heapBeforeMB: before, heapAfterMB: heap() }))
await quiet.close()
