import { expect, test } from 'vitest'
import { shortPath } from './shortPath'

test.each([
  ['/home/me/payments/.agent-relay/workflow-runs.jsonl', '…/.agent-relay/workflow-runs.jsonl'],
  ['C:\\flows\\payments\\nightly.yaml', '…\\payments\\nightly.yaml'],
  ['payments/nightly.yaml', 'payments/nightly.yaml'],
  ['/tmp/nightly.yaml', '/tmp/nightly.yaml'],
  ['nightly.yaml', 'nightly.yaml'],
])('of %s the end is shown', (path, shown) => {
  expect(shortPath(path)).toBe(shown)
})
