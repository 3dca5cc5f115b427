import { parse } from '#core/config'
import { didYouMean, UserError } from '#core/errors'
import { ROLES, Scenario } from './scenario.ts'

/** Google Research Football's config names, and ours. Others are read over. */
const FLAGS: Readonly<
  Record<string, 'duration' | 'offsides' | 'endOnScore' | 'endOnOutOfPlay' | 'endOnPossessionChange'>
> = {
  game_duration: 'duration',
  offsides: 'offsides',
  end_episode_on_score: 'endOnScore',
  end_episode_on_out_of_play: 'endOnOutOfPlay',
  end_episode_on_possession_change: 'endOnPossessionChange',
}

interface Draft {
  [key: string]: unknown
  ball?: [number, number]
  left: { difficulty: number; players: object[] }
  right: { difficulty: number; players: object[] }
}

/**
 * The scenario that a `build_scenario` function of Google Research Football describes, read line by line and
 * never run: config values, SetBallPosition, SetTeam and AddPlayer. Of two branches on the episode's number the
 * first is taken.
 * @throws UserError with the line that could not be read.
 */
export function readPython(text: string, what: string): Scenario {
  const draft: Draft = {
    duration: 3000,
    offsides: true,
    left: { difficulty: 1, players: [] },
    right: { difficulty: 0.6, players: [] },
  }
  const variables: Record<string, 'left' | 'right'> = {}
  let team: 'left' | 'right' | null = null
  for (const { code, line } of statements(text)) {
    const fail = (problem: string): never => {
      throw new UserError(`${what}, line ${line}: ${problem}`)
    }
    const variable = /^(\w+)\s*=\s*Team\.e_(Left|Right)$/.exec(code)
    if (variable) {
      variables[variable[1]] ??= variable[2] === 'Left' ? 'left' : 'right'
      continue
    }
    const setting = /^builder\.config\(\)\.(\w+)\s*=\s*(.+)$/.exec(code)
    if (setting) {
      configure(draft, setting[1], setting[2], fail)
      continue
    }
    const call = /^builder\.(\w+)\((.*)\)$/.exec(code)
    if (!call) continue
    const given = call[2].split(',').map((part) => part.trim())
    if (call[1] === 'SetBallPosition') {
      draft.ball = [number(given[0], fail), number(given[1], fail)]
    } else if (call[1] === 'SetTeam') {
      const named = /^Team\.e_(Left|Right)$/.exec(given[0])
      team = named ? (named[1] === 'Left' ? 'left' : 'right') : variables[given[0]]
      if (!team) fail(`no team '${given[0]}'`)
    } else if (call[1] === 'AddPlayer') {
      if (!team) fail('AddPlayer before SetTeam')
      else draft[team].players.push(player(given, fail))
    }
  }
  return parse(Scenario, draft, what)
}

/** Logical lines without comments; brackets join lines. */
function statements(text: string): { code: string; line: number }[] {
  const found: { code: string; line: number }[] = []
  let open = 0
  text.split(/\r?\n/).forEach((raw, i) => {
    const code = raw.replace(/#.*$/, '').trim()
    if (code === '') return
    if (open > 0) found[found.length - 1].code += ` ${code}`
    else found.push({ code, line: i + 1 })
    for (const letter of code) open += letter === '(' ? 1 : letter === ')' ? -1 : 0
  })
  return found
}

function configure(draft: Draft, name: string, value: string, fail: (problem: string) => never): void {
  if (name === 'left_team_difficulty') draft.left.difficulty = number(value, fail)
  else if (name === 'right_team_difficulty') draft.right.difficulty = number(value, fail)
  else if (Object.hasOwn(FLAGS, name)) {
    draft[FLAGS[name]] = name === 'game_duration' ? number(value, fail) : truth(value, fail)
  }
}

function player(given: readonly string[], fail: (problem: string) => never): object {
  const named: Record<string, string> = {}
  const plain: string[] = []
  for (const part of given) {
    const match = /^(\w+)\s*=\s*(.+)$/.exec(part)
    if (match) named[match[1]] = match[2]
    else plain.push(part)
  }
  const role = (plain[2] ?? named.role ?? '').replace(/^.*e_PlayerRole_/, '')
  if (!(ROLES as readonly string[]).includes(role)) fail(`no role '${role}'${didYouMean(role, ROLES)}`)
  return {
    role,
    x: number(plain[0], fail),
    y: number(plain[1], fail),
    lazy: truth(plain[3] ?? named.lazy ?? 'False', fail),
    controllable: truth(plain[4] ?? named.controllable ?? 'True', fail),
  }
}

function number(text: string | undefined, fail: (problem: string) => never): number {
  const value = Number(text)
  return text === undefined || text === '' || Number.isNaN(value)
    ? fail(`'${text ?? ''}' is not a number`)
    : value
}

function truth(text: string, fail: (problem: string) => never): boolean {
  return text === 'True' ? true : text === 'False' ? false : fail(`'${text}' is neither True nor False`)
}
