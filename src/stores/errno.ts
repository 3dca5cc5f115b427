import { StoreError, type StoreErrorKind } from '#core/base/store'

const KINDS: Readonly<Record<string, readonly [StoreErrorKind, string]>> = {
  ENOSPC: ['full', 'no room is left on the disk'],
  EDQUOT: ['full', 'the disk quota is used up'],
  EFBIG: ['full', 'the file may not grow any more'],
  EACCES: ['denied', 'permission denied'],
  EPERM: ['denied', 'not permitted'],
  EROFS: ['denied', 'the file system is read-only'],
  ENOENT: ['denied', 'there is no such folder, and none can be made'],
  ENOTDIR: ['denied', 'a file is in the way of a folder'],
  EISDIR: ['denied', 'a folder is in the way of a file'],
  ENOTEMPTY: ['denied', 'a folder is in the way'],
  EEXIST: ['denied', 'something is in the way'],
  ENAMETOOLONG: ['denied', 'the name is too long'],
  EMFILE: ['limit', 'too many files are open in this process'],
  ENFILE: ['limit', 'too many files are open on this machine'],
}

/** What the system refused, as one line: "cannot append to 'runs/a/metrics.jsonl': no room is left on the disk". */
export function refusal(error: unknown, verb: string, path: string): Error {
  if (error instanceof StoreError || !(error instanceof Error) || !('code' in error)) return error as Error
  const code = String(error.code)
  const [kind, reason] = Object.hasOwn(KINDS, code) ? KINDS[code] : (['broken', code] as const)
  return new StoreError(kind, `cannot ${verb} '${path}': ${reason}`)
}
