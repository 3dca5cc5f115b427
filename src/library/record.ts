/**
 * `kickpush/record`: episodes as JSON lines, written, read, played again and verified. Runs in Node and browsers, and does
 * nothing when it is loaded.
 */
export { type BadLine, type ReadRecord, readRecord, writeLine } from '#core/record/jsonl'
export { EndEvent, FORMAT, RecordEvent, StartEvent, StepEvent, TurnEvent } from '#core/record/record'
export { Replay, type ReplayOptions, type ReplayStatus } from '#core/record/replay'
export { MetricsRow, RunInfo } from '#core/record/run'
export { type RecordVerification, type Verification, verifyEvents, verifyRecord } from '#core/record/verify'
