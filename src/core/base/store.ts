import { UserError } from './errors.ts'

/**
 * Where the files of a run (core/run.ts) are kept: a folder on disk, a browser's private file system, memory, or a
 * simulated disk that fails. Learner, reader and server know only this. Names are relative paths with `/`; folders
 * come into being with their first file. All promises hold across a crash of the process, those marked durable across
 * one of the machine.
 */
export interface Store {
  /** For messages to people: a path, or what else says where the files are. */
  readonly name: string
  /**
   * The bytes [from, to) of a file, all of it unless given, fewer where it ends before; null where there is none.
   * @throws StoreError
   */
  read(file: string, from?: number, to?: number): Promise<Uint8Array | null>
  /** null where there is no such file. @throws StoreError */
  stat(file: string): Promise<Stat | null>
  /** Names (not paths) of the files and folders in a folder, sorted by code unit; none where there is no folder. @throws StoreError */
  list(folder: string): Promise<string[]>
  /** Replaces a file whole or not at all; durable. @throws StoreError, and then the old content stands. */
  write(file: string, content: Uint8Array | string): Promise<void>
  /**
   * Adds to the end of a file; durable only after `sync`.
   * @throws StoreError, and then a beginning of `content` may have been written.
   */
  append(file: string, content: Uint8Array | string): Promise<void>
  /** Makes durable what was appended to a file; nothing where there is none. @throws StoreError */
  sync(file: string): Promise<void>
  /**
   * Removes a file whole or not at all, or a folder with all in it, file by file; nothing where there is none; durable.
   * @throws StoreError
   */
  remove(path: string): Promise<void>
  /**
   * Makes the caller the only writer, until released or until its process ends, however it ends.
   * @throws StoreError of kind `locked` naming who holds it.
   */
  lock(): Promise<Lock>
}

/** A file as it is now. */
export interface Stat {
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970 of the last change, where the store knows. */
  readonly changed: number
  /** Differs when a file was replaced by another of the same name. */
  readonly identity: string
}

export interface Lock {
  /** Set when the lock was taken over from a process that is gone: one line for people. */
  readonly note?: string
  release(): Promise<void>
}

/** What a store may refuse. A closed set, so that callers can tell what helps. */
export const STORE_ERRORS = ['full', 'denied', 'limit', 'locked', 'broken'] as const
export type StoreErrorKind = (typeof STORE_ERRORS)[number]

/** A store that could not do what was asked; its message is one line for people. */
export class StoreError extends UserError {
  override name = 'StoreError'
  readonly kind: StoreErrorKind

  constructor(kind: StoreErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** The text of a file; null where there is none. @throws StoreError */
export async function readText(store: Store, file: string): Promise<string | null> {
  const bytes = await store.read(file)
  return bytes && new TextDecoder().decode(bytes)
}
