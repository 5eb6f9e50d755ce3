import { watchMainThread } from './mainThreadWatch'

/** A process whose main thread is watched and `busy` without an end, or `calm` until it ends by itself. */
const [scriptPath = '', way] = process.argv.slice(2)
const looks = { everyMs: 100, untilTold: 10, untilEnded: 30 }
watchMainThread({ scriptPath, looks, onTrouble: (error) => console.error(error) })
process.on('SIGTERM', () => process.stdout.write('heard'))
let turns = 0
const timer = setInterval(() => {
  if (++turns <= looks.untilEnded + looks.untilTold) return
  clearInterval(timer)
  while (way === 'busy') turns++
}, looks.everyMs)
