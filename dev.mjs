// `npm run dev`: the server from its sources, started again when they change, and the viewer with reload in front of it.
import { spawn } from 'node:child_process'

const SERVER = 3210
const sources = ['server', 'src', 'envs'].map((folder) => `--watch-path=${folder}`)
const server = ['bin/kickpush.js', 'serve', '--port', String(SERVER), '--origin', 'http://127.0.0.1:5173']
const started = [
  spawn(process.execPath, [...sources, '--watch-preserve-output', ...server], { stdio: 'inherit' }),
  spawn(
    process.execPath,
    ['node_modules/vite/bin/vite.js', 'client', '--host', '127.0.0.1', '--strictPort'],
    {
      stdio: 'inherit',
      env: { ...process.env, KICKPUSH_SERVER: `http://127.0.0.1:${SERVER}` },
    },
  ),
]
for (const child of started) child.on('exit', () => started.forEach((one) => void one.kill()))
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => started.forEach((one) => void one.kill()))
