import { type RecordVerification, verifyRecord } from '#core/record/verify'
import { envs } from '#envs'

Object.assign(globalThis, { verify: (record: string): RecordVerification => verifyRecord(record, envs) })
