import { expect, test } from 'vitest'
import { type DeliveryFacts, deliveryWays } from './deliveryWays'

const stuck: DeliveryFacts = {
  state: 'stuck',
  daemonAlive: true,
  localExists: true,
  hasUnsentRecord: true,
  localMatchesRecord: true,
  credentials: 'usable',
  hasRefusedOperation: false,
  localMatchesRefused: false,
}

test.each<[string, Partial<DeliveryFacts>, readonly string[]]>([
  ['a living daemon comes first, then Rundesk', {}, ['re-arm', 'direct']],
  ['without credentials only the daemon', { credentials: 'none' }, ['re-arm']],
  ['without a daemon only Rundesk', { daemonAlive: false }, ['direct']],
  ['with expired credentials and no daemon nobody', { daemonAlive: false, credentials: 'expired' }, []],
  ['without a record only Rundesk', { state: 'unknown', hasUnsentRecord: false }, ['direct']],
  ['changed content is the business of the mount', { localMatchesRecord: false }, []],
  ['what was refused after it was accepted is replayed', { state: 'rejected', hasRefusedOperation: true }, ['replay']],
  ['a refused file that is still the same is sent', { state: 'rejected', localMatchesRefused: true }, ['direct']],
  ['a refused file that is another one is not', { state: 'rejected' }, []],
  ['a conflict needs a choice', { state: 'conflict' }, []],
  ['what is accepted is not sent again', { state: 'accepted' }, []],
  ['what waits for a living daemon is left to it', { state: 'waiting' }, []],
  ['what waits for a dead daemon is sent', { state: 'waiting', daemonAlive: false }, ['direct']],
  ['a missing file cannot be sent', { state: 'gone', localExists: false }, []],
])('%s', (_words, change, ways) => {
  expect(deliveryWays({ ...stuck, ...change }).ways).toEqual(ways)
})
