import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a chat server was asked. */
export interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: { readonly model: string; readonly messages: { role: string; content: unknown }[] } & Record<
    string,
    unknown
  >
}

/** A reply: words, a whole completion, or whatever is done with the response. */
export type Said = string | object | ((asked: Asked, response: ServerResponse) => void)

export interface FakeChat {
  /** Of the machine, without a path. */
  readonly origin: string
  readonly asked: readonly Asked[]
  close(): void
}

/** A tiny OpenAI-compatible server; the n-th request gets the n-th reply, the last one from then on. */
export async function fakeChat(...said: readonly Said[]): Promise<FakeChat> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const one = { path: request.url ?? '', headers: request.headers, body: JSON.parse(text) }
    const reply = said[Math.min(asked.length, said.length - 1)]
    asked.push(one)
    if (typeof reply === 'function') reply(one, response)
    else response.end(JSON.stringify(typeof reply === 'string' ? completion(reply) : reply))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A chat completion with that content. */
export function completion(content: unknown, message: object = {}, finish_reason = 'stop'): object {
  return {
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content, ...message }, finish_reason }],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  }
}

/** Fails with a status. */
export const fail =
  (status: number, text = 'overloaded', headers: Record<string, string> = {}): Said =>
  (_, response) =>
    response.writeHead(status, headers).end(text)
