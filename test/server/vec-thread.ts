import { workerData } from 'node:worker_threads'
import { hostLanes } from '#server/vec/host'
import { toy } from '../toy.ts'

hostLanes(() => toy, undefined, (workerData as { file?: string }).file)
