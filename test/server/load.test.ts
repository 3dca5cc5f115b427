import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { beside, Loaded } from '../../bench/server.ts'

test('many watchers get every event in order while others are hostile', async () => {
  const loaded = await Loaded.open({ watchers: 40, boards: 4, turnsPerSecond: 20 })
  await loaded.report()
  const child = beside('hostile', [loaded.serving.url, '600'])
  const [{ sent, told }] = await once(child, 'message')
  await sleep(500)
  const report = await loaded.report()
  expect(sent).toBeGreaterThanOrEqual(600)
  expect(told).toMatchObject({ INVALID_MESSAGE: expect.any(Number), 'flood: refused': expect.any(Number) })
  expect(told['closed: transport close']).toBeGreaterThan(0)
  expect(report.events).toBeGreaterThan(40)
  expect(report.gaps).toBe(0)
  child.kill()
  await loaded.close()
})
