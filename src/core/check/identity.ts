import { resolveConfig } from '../env/config.ts'
import type { Env } from '../env/env.ts'
import { equal, hold } from './support.ts'

/** What an environment promises before it plays. */
export interface EnvRule {
  /** As `Rule.member`. */
  readonly member: string
  readonly ground?: true
  hold(env: Env): void
}

/** What must hold of names, versions, presets and frames. */
export const envRules: Readonly<Record<string, EnvRule>> = {
  'is named, versioned and described': {
    member: 'id, title, version, look, terms or examples',
    hold(env) {
      hold(/^[a-z][a-z0-9-]*$/.test(env.id), `id '${env.id}' is not lower-case`)
      hold(env.title.trim() !== '', 'no title')
      hold(Number.isInteger(env.version) && env.version >= 1, `version ${env.version}`)
      hold(Number.isInteger(env.look) && env.look >= 1, `look ${env.look}`)
      hold(new Set(env.terms).size === env.terms.length, 'a reward term is named twice')
      hold(env.examples.length > 0, 'no examples')
    },
  },

  'presets and examples are configs, and resolving them again changes nothing': {
    member: 'config, presets or examples',
    ground: true,
    hold(env) {
      const presets = Object.keys(env.presets).map((preset) => ({ preset }))
      for (const input of [{}, ...presets, ...env.examples]) {
        const config = resolveConfig(env, { ...input })
        equal(config, resolveConfig(env, { ...config }), `config ${JSON.stringify(input)}`, [
          'resolved',
          'resolved again',
        ])
        hold(env.seats(config) >= 1, `config ${JSON.stringify(input)} has no seats`)
      }
    },
  },

  'frames of presets have sizes of multiples of 16': {
    member: 'frame',
    hold(env) {
      for (const preset of [undefined, ...Object.keys(env.presets)]) {
        const { width, height } = env.frame(resolveConfig(env, preset === undefined ? {} : { preset }))
        hold(width % 16 === 0 && height % 16 === 0, `a frame of ${width}x${height}`)
      }
    },
  },

  'keys name actions of the default config': {
    member: 'keys',
    hold(env) {
      const names = env.actions(resolveConfig(env, {}))
      const stray = Object.values(env.keys ?? {}).find((name) => !names.includes(name))
      hold(stray === undefined, `a key names '${stray}', which is no action`)
    },
  },
}
