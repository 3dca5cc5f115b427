import { readAddress } from '../../chat/address.ts'
import { chat } from '../../policies/chat.ts'
import { type CreatePolicy, policiesOf } from '../../policies/create.ts'
import { chooseBackend } from './backend.ts'
import { modelNamed } from './models.ts'
import { png } from './png.ts'
import { script } from './script.ts'

/** The agent of a name, as the command line and recipes write it. */
export const createPolicy: CreatePolicy = policiesOf({
  script: {
    rest: '<file>',
    create: (file, { env }) => script(env, file),
  },
  mini: {
    rest: '<name or folder>',
    create: async (name, context) => {
      // Loaded when it is needed: tfjs takes its time.
      const { loadMini } = await import('../../policies/mini.ts')
      return loadMini(name, context, { model: modelNamed, chooseBackend })
    },
  },
  chat: {
    rest: '<model>@<base-url>',
    create: async (address, { chat: options = {} }) => {
      const { KICKPUSH_API_KEY, OPENAI_API_KEY } = process.env
      const apiKey = options.apiKey ?? (KICKPUSH_API_KEY || OPENAI_API_KEY || undefined)
      return chat(readAddress(address), { ...options, apiKey }, png)
    },
  },
})
