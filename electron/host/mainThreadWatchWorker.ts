import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { WatchOrder } from './mainThreadWatch'

const { beats, everyMs, untilTold, untilEnded } = workerData as WatchOrder
const standardError = 2
let seen = 0
let still = 0

/** The streams of this thread go through the one that is busy. */
function say(message: string): void {
  try {
    writeSync(standardError, `rundesk: ${message}\n`)
  } catch {
    // Nobody reads it, or nobody can.
  }
}

setInterval(() => {
  const now = Atomics.load(beats, 0)
  still = now === seen ? still + 1 : 0
  seen = now
  if (now === 0) return // It has not begun, or is looked at with a debugger.
  const seconds = (looks: number): number => Math.ceil((looks * everyMs) / 1_000)
  if (still === untilTold)
    say(
      `it has been busy with one thing for ${seconds(still)} s and answers nobody. Unless it goes on it is ended in ${seconds(untilEnded - untilTold)} s; at once with: kill -9 ${process.pid}`,
    )
  if (still < untilEnded) return
  say(
    `it was busy with one thing for ${seconds(still)} s and answered nobody, so it was ended. Runs that it executed can be resumed.`,
  )
  process.kill(process.pid, 'SIGKILL')
}, everyMs)
