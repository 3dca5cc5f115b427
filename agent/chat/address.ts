import { UserError } from '#core/base/errors'
import { withoutSecrets } from '#core/base/secrets'
import { base64 } from '../dialogue/base64.ts'

/** Where a chat agent is asked. */
export interface ChatAddress {
  readonly model: string
  /** Where `/chat/completions` may be, the likeliest first; without names, passwords and fragments. */
  readonly endpoints: readonly string[]
  /** Of the `Authorization` header, where the address held a name or password. */
  readonly basic?: string
  /** The agent's name as everybody may see it. */
  readonly shown: string
}

/**
 * Reads `<model>@<base-url>`, the base URL with or without `/v1`, as it stands in OpenAI's clients, or whole.
 * @throws UserError that echoes nothing of what may be secret.
 */
export function readAddress(rest: string): ChatAddress {
  const at = /@https?:\/\/(?!.*@https?:\/\/)/is.exec(rest)?.index ?? -1
  const base = rest.slice(at + 1)
  if (at < 1 || !URL.canParse(base)) {
    const model = withoutSecrets(rest).split('@')[0].slice(0, 60)
    throw new UserError(
      `agent 'chat:${model}...' is not chat:<model>@<base-url>, like chat:qwen2.5-vl@http://localhost:8000/v1`,
    )
  }
  const url = new URL(base)
  const model = rest.slice(0, at)
  const basic = url.username || url.password ? basicOf(url) : undefined
  const path = url.pathname.replace(/\/{1,100}$/, '')
  const below = (found: string): string => `${url.origin}${found}/chat/completions${url.search}`
  const endpoints = path.endsWith('/chat/completions')
    ? [`${url.origin}${path}${url.search}`]
    : /\/v\d+[a-z]*$/.test(path)
      ? [below(path)]
      : [below(`${path}/v1`), below(path)]
  return { model, endpoints, basic, shown: `chat:${model}@${url.origin}${path}` }
}

function basicOf({ username, password }: URL): string {
  const text = `${decoded(username)}:${decoded(password)}`
  return `Basic ${base64(new TextEncoder().encode(text))}`
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
