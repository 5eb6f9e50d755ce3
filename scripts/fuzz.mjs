import { parseArgs } from 'node:util'
import { playInElectron } from './playInElectron.mjs'

// npm run test:fuzz -- --messages N --seed S: hostile messages to every channel, in the real app (docs/testing.md).
const { values } = parseArgs({
  options: { messages: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
})
playInElectron(['--reporter=list', '--grep', 'hostile messages'], {
  what: 'send hostile messages to',
  env: { RUNDESK_HOSTILE_MESSAGES: values.messages, RUNDESK_SEED: values.seed },
})
