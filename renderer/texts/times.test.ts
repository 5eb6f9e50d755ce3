import { expect, test } from 'vitest'
import { withLocalTimes } from './times'

const at = '2026-11-22T10:10:54.310Z'
const local = new Date(at)

test('a time of a file in a message is told as the clock on the wall shows it', () => {
  const [soonAfter, nextYear] = [Date.parse(at) + 60_000, Date.parse(at) + 365 * 86_400_000]
  const said = `nothing to cancel: it completed at ${at}`
  expect([withLocalTimes(said, soonAfter), withLocalTimes(said, nextYear)]).toEqual([
    `nothing to cancel: it completed at ${local.toLocaleTimeString('en-GB')}`,
    `nothing to cancel: it completed at ${local.toLocaleString('en-GB')}`,
  ])
})

test('what is no time stays as it is', () => {
  expect(withLocalTimes('run 2026-11-22 of import-2026-11-22T10')).toBe('run 2026-11-22 of import-2026-11-22T10')
})
