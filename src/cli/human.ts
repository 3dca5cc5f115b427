import { createInterface, type Interface } from 'node:readline'
import { namesOf, readLeniently } from '#agent/dialogue/lenient'
import { UserError } from '#core/base/errors'
import { parseTurn } from '#core/env/actions'
import type { Io } from '#core/env/command'
import type { Policy, Request } from '#core/play/policy'

/**
 * A person at the terminal: sees the text observation of each turn and writes its actions, one line a turn. Questions
 * go to standard error, so that standard output stays for the results.
 */
export function human(io: Io): Policy {
  let terminal: Interface | undefined
  let lines: AsyncIterator<string> | undefined
  const open = (): AsyncIterator<string> => {
    terminal = createInterface({ input: process.stdin, output: process.stderr })
    lines = terminal[Symbol.asyncIterator]()
    return lines
  }
  const ask = async (request: Request): Promise<number[]> => {
    const { env, state, seat, limit, observation, history } = request
    const names = env.actions(state.config)
    const legal = env.legal?.(state, seat)
    // In brackets what would do nothing now.
    const said = names.map((name, i) => (legal?.includes(true) && !legal[i] ? `(${name})` : name)).join(', ')
    const feedback = history.at(-1)?.feedback
    io.note([...(feedback ? [feedback] : []), observation.text ?? env.text(state, seat)].join('\n'))
    const answers = lines ?? open()
    for (;;) {
      terminal?.setPrompt(`seat ${seat}, up to ${limit} of ${said}: `)
      terminal?.prompt()
      const { value, done } = await answers.next()
      if (done) throw new UserError('human: the input ended before the episode did')
      try {
        const actions = parseTurn(env, state.config, value)
        const slip = env.toAct && legal?.includes(true) && actions.length > 0 && !legal[actions[0]]
        if (slip) io.note(`${names[actions[0]]} does nothing here`)
        else if (actions.length > 0) return actions
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        // People, too, write "Up, then left." and mean it.
        const { actions } = readLeniently(value, namesOf(names))
        if (typeof actions !== 'string') return actions
        io.note(error.message)
      }
    }
  }
  return {
    id: 'human',
    async act(requests) {
      const responses = []
      for (const request of requests) responses.push({ valid: true, actions: await ask(request) })
      return responses
    },
    dispose: () => terminal?.close(),
  }
}
