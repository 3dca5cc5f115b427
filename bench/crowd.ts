// Acceptance figures of the server: a crowd of watchers, then a hostile crowd among them.
//   node --import tsx --conditions=source bench/crowd.ts [seconds]
import { setTimeout as sleep } from 'node:timers/promises'
import { CROWD, Loaded } from './server.ts'

const seconds = Number(process.argv[2] ?? 15)
const mb = (bytes: number) => Math.round(bytes / (1 << 20))

const loaded = await Loaded.open(CROWD)
await loaded.report()
let peak = 0
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 100)
const [start, cpu] = [performance.now(), process.cpuUsage()]
await sleep(1000 * seconds)
const { user, system } = process.cpuUsage(cpu)
const report = await loaded.report()
const wall = (performance.now() - start) / 1000
clearInterval(watch)
console.log(
  JSON.stringify({
    ...CROWD,
    seconds: Number(wall.toFixed(1)),
    messagesPerSecond: Math.round(report.messages / wall),
    eventsPerSecond: Math.round(report.events / wall),
    gaps: report.gaps,
    p50: Math.round(report.p50),
    p99: Math.round(report.p99),
    max: Math.round(report.max),
    serverCpuShare: Number(((user + system) / 1e6 / wall).toFixed(3)),
    loadCpuShare: Number((report.cpu / wall).toFixed(3)),
    serverPeakMB: mb(peak),
  }),
)
await loaded.close()
