/**
 * A language model of a GGUF file behind OpenAI's /v1/chat/completions, on the CPU, by node-llama-cpp:
 *
 *   npm install && node server.mjs model.gguf 8001
 *
 * Where llama-cpp-python can be built, its own server does the same: python -m llama_cpp.server --model model.gguf
 */
import { createServer } from 'node:http'
import { getLlama, LlamaChatSession } from 'node-llama-cpp'

const [file, port = '8001'] = process.argv.slice(2)
const llama = await getLlama({ build: 'never', gpu: false })
const model = await llama.loadModel({ modelPath: file })
const context = await model.createContext({
  contextSize: 2048,
  threads: Number(process.env.LLAMA_THREADS ?? 1),
})
const sequence = context.getSequence()

/** One answer at a time. */
let last = Promise.resolve()

async function answer({ messages, temperature = 0, max_tokens, max_completion_tokens }) {
  const text = ({ content }) =>
    typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('')
  await sequence.clearHistory()
  const session = new LlamaChatSession({ contextSequence: sequence, autoDisposeSequence: false })
  const history = messages
    .slice(1, -1)
    .map((message) =>
      message.role === 'user'
        ? { type: 'user', text: text(message) }
        : { type: 'model', response: [text(message)] },
    )
  // Whole: a session adds its own system prompt only to a history that it began.
  session.setChatHistory([{ type: 'system', text: text(messages[0]) }, ...history])
  const before = sequence.tokenMeter.getState()
  const { responseText, stopReason } = await session.promptWithMeta(text(messages.at(-1)), {
    maxTokens: max_completion_tokens ?? max_tokens ?? 256,
    temperature,
  })
  const used = sequence.tokenMeter.diff(before)
  session.dispose()
  return {
    object: 'chat.completion',
    model: file,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: responseText },
        finish_reason: stopReason === 'maxTokens' ? 'length' : 'stop',
      },
    ],
    usage: {
      prompt_tokens: used.usedInputTokens,
      completion_tokens: used.usedOutputTokens,
      total_tokens: used.usedInputTokens + used.usedOutputTokens,
    },
  }
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request) body += part
  if (request.method !== 'POST' || !request.url.endsWith('/chat/completions'))
    return response.writeHead(404).end()
  const done = last.then(() => answer(JSON.parse(body)))
  last = done.catch(() => {})
  try {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(await done))
  } catch (error) {
    response
      .writeHead(500, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ error: { message: String(error) } }))
  }
})
server.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
