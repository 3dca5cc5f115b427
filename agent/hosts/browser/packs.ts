import { UserError } from '#core/base/errors'
import type { OpenPack } from '../../trainer/levels.ts'

/** A page has no files of levels. @throws UserError */
export const openPack: OpenPack = (_, files) => {
  throw new UserError(`'${files[0]}' cannot be read: a page has no files of levels`)
}
