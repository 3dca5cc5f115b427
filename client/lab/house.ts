/**
 * The worker of a page that is its own server: it has the runs of this browser and those that came with the site, follows
 * them as the server does, and trains. Replicas are in workers of their own.
 */

import type { Asks } from '../net/tab.ts'
import { install } from './buffer.ts'
import type { Packet } from './sockets.ts'

type Message =
  | { readonly base: string }
  | { readonly open: true }
  | { readonly packet: Packet }
  | { readonly ask: number; readonly what: keyof Asks; readonly given: never[] }

install()
const opened = (base: string) => import('./household.ts').then(({ open }) => open(base))
let household: ReturnType<typeof opened> | undefined

addEventListener('message', async ({ data }: MessageEvent<Message>) => {
  if ('base' in data) {
    household = opened(data.base)
    return
  }
  const { page, asks } = await household!
  if ('open' in data) page.open()
  else if ('packet' in data) page.receive(data.packet)
  else {
    try {
      const work = asks[data.what] as (...given: never[]) => unknown
      postMessage({ answer: data.ask, result: await work(...data.given) })
    } catch (error) {
      postMessage({ answer: data.ask, error: (error as Error).message })
    }
  }
})
