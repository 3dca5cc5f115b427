import type { WireError, WireErrorCode } from '#core/record/wire'

/** Something the other side of the wire is told. */
export class WireFailure extends Error {
  readonly code: WireErrorCode

  constructor(code: WireErrorCode, message: string) {
    super(message)
    this.code = code
  }

  get error(): WireError {
    return { code: this.code, message: this.message }
  }
}

/** HTTP status of each wire error. */
export const STATUS: Readonly<Record<WireErrorCode, number>> = {
  INVALID_MESSAGE: 400,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  UNAUTHORIZED: 401,
  CONFLICT: 409,
  BUSY: 503,
  RATE_LIMITED: 429,
  TOO_LARGE: 413,
  INTERNAL: 500,
}

/** The error as told to the other side; what is not meant for it goes to the log only. */
export function toWireError(error: unknown, log: (line: string) => void): WireError {
  if (error instanceof WireFailure) return error.error
  log(`server: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return { code: 'INTERNAL', message: 'the server failed; its log says why' }
}
