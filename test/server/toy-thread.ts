import { workerData } from 'node:worker_threads'
import { hostSessions } from '#server/host'
import { GAMES } from './toy-game.ts'

hostSessions(GAMES[workerData as keyof typeof GAMES])
