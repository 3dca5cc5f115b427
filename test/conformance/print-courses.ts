// Run by the conformance suite in a process of its own: what it prints must be what the suite's process sees.
import { envs } from '#envs'
import { toy } from '../toy.ts'
import { courses } from './subjects.ts'

console.log(JSON.stringify(courses([toy, ...envs])))
