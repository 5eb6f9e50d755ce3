import { parseArgs } from 'node:util'
import { say } from './lib.mjs'
import { playInElectron } from './playInElectron.mjs'

// npm run soak -- --minutes N: heavy load on the real app for so long, and whether anything grows (docs/testing.md).
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
if (!(Number(values.minutes) > 0)) {
  say(`--minutes ${values.minutes}: give a number above 0`)
  process.exit(2)
}
playInElectron(['--config', 'playwright.soak.config.ts'], {
  what: 'put under load',
  env: { RUNDESK_SOAK_MINUTES: values.minutes },
})
