import type { SyntaxNode } from '@lezer/common'
import type { z } from 'zod'
import { didYouMean } from '#core/base/errors'
import { Player, type PlayerSetup, Scenario } from '../scenarios/scenario.ts'
import type { Source } from './source.ts'
import { type Given, isThing, numeric, shown, type Value } from './values.ts'

/** Google Research Football's config names, and ours. Others change nothing that we model. */
const SETTINGS = {
  game_duration: 'duration',
  offsides: 'offsides',
  end_episode_on_score: 'endOnScore',
  end_episode_on_out_of_play: 'endOnOutOfPlay',
  end_episode_on_possession_change: 'endOnPossessionChange',
} as const
const DIFFICULTY = { left_team_difficulty: 'left', right_team_difficulty: 'right' } as const

const MOST_PLAYERS = 11
/** Who stands in a team that a file leaves empty. */
const LONELY: PlayerSetup = { role: 'GK', x: -1, y: 0.42, lazy: true, controllable: true }

/** The object that `build_scenario` is called with: collects what the file asks of it. */
export function builderOf(source: Source, episode: number) {
  const draft = {
    duration: 3000,
    offsides: true,
    endOnScore: false,
    endOnOutOfPlay: false,
    endOnPossessionChange: false,
    ball: [0, 0] as [number, number],
  }
  const teams = {
    left: { difficulty: 1, players: [] as PlayerSetup[] },
    right: { difficulty: 0.6, players: [] as PlayerSetup[] },
  }
  const other = new Map<string, Value>()
  let team: 'left' | 'right' = 'left'

  const need = <T>(node: SyntaxNode, schema: z.ZodType<T>, name: string, value: unknown, was: Value): T => {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    const why = result.error.issues[0].message
    return source.refuse(node, `${name} cannot be ${shown(was)}: ${why[0].toLowerCase()}${why.slice(1)}`)
  }
  const number = (node: SyntaxNode, name: string, value: Value): number =>
    numeric(value) ?? source.refuse(node, `${name} is ${shown(value)}, not a number`)
  const bool = (node: SyntaxNode, name: string, value: Value): boolean => {
    const n = numeric(value)
    return n === 0 || n === 1
      ? n === 1
      : source.refuse(node, `${name} is ${shown(value)}, neither True nor False`)
  }

  const methods: Readonly<Record<string, (given: Given, node: SyntaxNode) => Value>> = {
    config(given, node) {
      bound(given, node, 'config', [], 0)
      return { kind: 'config' }
    },
    EpisodeNumber(given, node) {
      bound(given, node, 'EpisodeNumber', [], 0)
      return episode
    },
    SetBallPosition(given, node) {
      const [x, y] = bound(given, node, 'SetBallPosition', ['ball_x', 'ball_y'], 2)
      const ball = [number(node, 'ball_x', x), number(node, 'ball_y', y)]
      draft.ball = need(node, Scenario.shape.ball, 'the ball', ball, ball)
      return null
    },
    SetTeam(given, node) {
      const [chosen] = bound(given, node, 'SetTeam', ['team'], 1)
      if (!isThing(chosen) || chosen.kind !== 'team')
        return source.refuse(node, `${shown(chosen)} is not a team`)
      team = chosen.team
      return null
    },
    AddPlayer(given, node) {
      const [x, y, role, lazy, controllable] = bound(
        given,
        node,
        'AddPlayer',
        ['x', 'y', 'role', 'lazy', 'controllable'],
        3,
      )
      if (!isThing(role) || role.kind !== 'role') return source.refuse(node, `${shown(role)} is not a role`)
      const { players } = teams[team]
      if (players.length === MOST_PLAYERS) source.refuse(node, `a team has at most ${MOST_PLAYERS} players`)
      const place = (name: 'x' | 'y', value: Value) =>
        need(node, Player.shape[name], name, number(node, name, value), value)
      players.push({
        role: role.role,
        x: place('x', x),
        y: place('y', y),
        lazy: bool(node, 'lazy', lazy ?? false),
        controllable: bool(node, 'controllable', controllable ?? true),
      })
      return null
    },
  }

  /** A call's arguments in the order of `names`, of which the first `least` must be given. */
  function bound(
    { plain, named }: Given,
    node: SyntaxNode,
    method: string,
    names: readonly string[],
    least: number,
  ): Value[] {
    if (plain.length > names.length)
      source.refuse(node, `${method} takes ${names.length} arguments, not ${plain.length}`)
    for (const name of named.keys()) {
      const at = names.indexOf(name)
      if (at < 0) source.refuse(node, `${method} has no argument '${name}'${didYouMean(name, names)}`)
      if (at < plain.length) source.refuse(node, `'${name}' is given twice`)
    }
    const all = names.map((name, i) => (i < plain.length ? plain[i] : named.get(name)))
    for (let i = 0; i < least; i++)
      if (all[i] === undefined) source.refuse(node, `${method} needs '${names[i]}'`)
    return all as Value[]
  }

  return {
    method(name: string, node: SyntaxNode): Value {
      if (!Object.hasOwn(methods, name)) {
        source.refuse(
          node,
          `the builder has no '${name}' that we know${didYouMean(name, Object.keys(methods))}`,
        )
      }
      return { kind: 'call', name, call: methods[name] }
    },
    /** `builder.config().name = value`. */
    configure(name: string, value: Value, node: SyntaxNode): void {
      if (Object.hasOwn(DIFFICULTY, name)) {
        const side = DIFFICULTY[name as keyof typeof DIFFICULTY]
        teams[side].difficulty = need(
          node,
          Scenario.shape.left.shape.difficulty,
          name,
          number(node, name, value),
          value,
        )
      } else if (!Object.hasOwn(SETTINGS, name)) other.set(name, value)
      else {
        const ours = SETTINGS[name as keyof typeof SETTINGS]
        if (ours === 'duration') {
          draft.duration = need(
            node,
            Scenario.shape.duration.unwrap(),
            name,
            number(node, name, value),
            value,
          )
        } else draft[ours] = bool(node, name, value)
      }
    },
    /** What `builder.config().name` reads. */
    setting(name: string, node: SyntaxNode): Value {
      if (Object.hasOwn(DIFFICULTY, name))
        return teams[DIFFICULTY[name as keyof typeof DIFFICULTY]].difficulty
      if (Object.hasOwn(SETTINGS, name)) return draft[SETTINGS[name as keyof typeof SETTINGS]]
      return other.get(name) ?? source.refuse(node, `what config.${name} is at first is not known`)
    },
    /** The scenario; an empty team gets what the original gives it. */
    scenario(): Scenario {
      const filled = (side: 'left' | 'right') => ({
        ...teams[side],
        players: teams[side].players.length > 0 ? teams[side].players : [LONELY],
      })
      return Scenario.parse({ ...draft, left: filled('left'), right: filled('right') })
    },
  }
}
export type Builder = ReturnType<typeof builderOf>
