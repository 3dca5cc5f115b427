import { answerHere } from '#agent/hosts/browser/worker'
import { parts } from './parts.ts'

answerHere(parts)
