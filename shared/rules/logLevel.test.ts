import { expect, test } from 'vitest'
import { levelOf, logLevels } from './logLevel'

test.each([
  ['2026-11-21 DEBUG nothing failed', 'all'],
  ['[info] an error was handled', 'info'],
  ['WARN slow', 'warning'],
  ['\u001b[31mERROR\u001b[0m no', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Traceback (most recent call last):', 'error'],
  ['level=fatal msg=gone', 'error'],
])('the first word that names a level tells it: %j', (head, level) => {
  expect(logLevels[levelOf(head) ?? -1]).toBe(level)
})

test.each(['', 'plain text', 'information', 'terrorist', 'warned'])('other words name none: %j', (head) => {
  expect(levelOf(head)).toBe(null)
})
