import { z } from 'zod'
import { runCli } from './runCli'

// Most commands use each schema a few times at most: to compile it takes longer. A schema looks for this when it is made.
z.config({ jitless: true })
void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
