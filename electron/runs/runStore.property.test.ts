import fc from 'fast-check'
import { test } from 'vitest'
import type { Refusal } from '../files/faultyDisk.testkit'
import { type Happening, openWorld } from './storeWorld.testkit'

const who = fc.nat(4)
const several = fc.array(who, { maxLength: 4 })
const kind = <K extends Happening['kind']>(name: K): { readonly kind: fc.Arbitrary<K> } => ({ kind: fc.constant(name) })

const refusal: fc.Arbitrary<Refusal> = fc.record({
  call: fc.constantFrom('open', 'write', 'sync', 'read'),
  code: fc.constantFrom('ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EMFILE'),
  room: fc.oneof(fc.nat(3), fc.nat(900)),
})
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ ...kind('append'), who: several, synced: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ ...kind('claim'), who }) },
  { weight: 2, arbitrary: fc.record({ ...kind('others append'), who }) },
  fc.record({ ...kind('others append a part'), who, bytes: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ ...kind('others append the rest') }),
  fc.record({ ...kind('others append garbage'), text: fc.stringMatching(/^[^\n]{0,20}$/) }),
  fc.record({ ...kind('others truncate'), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ ...kind('others replace'), who: several }),
  fc.record({ ...kind('others remove') }),
  fc.record({ ...kind('others remove and make again'), who: several }),
  fc.record({ ...kind('the disk refuses'), refusal }),
  fc.record({ ...kind('the disk is well again') }),
  fc.record({ ...kind('reopen') }),
)

const numRuns = Number(process.env.RUNDESK_PROPERTY_RUNS ?? 150)
const timeout = 60_000 + numRuns * 200

test('whatever happens to a run store, it says what its file says and what it could not save yet', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
      const world = await openWorld()
      try {
        for (const one of happenings) {
          await world.happen(one)
          await world.check()
        }
      } finally {
        await world.close()
      }
    }),
    { numRuns },
  )
})
