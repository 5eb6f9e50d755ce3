import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FoldedItem, noOutbox } from './foldItem'
import { createItemList } from './itemList'

const changesOf = fc.uniqueArray(
  fc.record({
    key: fc.integer({ min: 0, max: 300 }).map(String),
    path: fc.option(fc.integer({ min: 0, max: 40 }).map((number) => `/${number}`)),
    isGone: fc.boolean(),
  }),
  { selector: ({ key }) => key, maxLength: 200, minLength: 1, size: 'max' },
)

test('however many items come, go and change at once, the list is in the order of their paths', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changesOf, { maxLength: 8 }), async (rounds) => {
      const list = createItemList()
      const all = new Map<string, FoldedItem>()
      for (const round of rounds) {
        const changes = new Map(round.map(({ key, path, isGone }) => [key, isGone ? undefined : folded(key, path)]))
        for (const [key, after] of changes) {
          if (after) all.set(key, after)
          else all.delete(key)
        }
        await list.change(changes)
      }
      expect(list.sorted()).toEqual([...all.values()].sort(inOrder))
    }),
    { numRuns: 60 },
  )
})

function inOrder({ item: left }: FoldedItem, { item: right }: FoldedItem): number {
  const [one, other] = [`${left.path ?? ''}\0${left.key}`, `${right.path ?? ''}\0${right.key}`]
  return one < other ? -1 : one > other ? 1 : 0
}

function folded(key: string, path: string | null): FoldedItem {
  return {
    item: {
      ...{ key, version: 'v', path, mount: '/m', workspaceId: 'w', state: 'stuck', class: null, lastStatus: null },
      ...{ message: null, attempts: 1, firstFailedAt: null, lastFailedAt: null, nextAttemptAt: null, groupKey: 'g' },
      ...{ provider: null, kinds: [], denied: null, conflictCopies: [], records: [], retry: { kind: 'allowed' } },
    },
    letters: [],
    outbox: noOutbox,
    localPath: null,
    local: { exists: false, sizeBytes: null, sha256: null },
    failedMs: [],
    verifiedMs: null,
    texts: { own: '', bodies: [], withoutBody: true },
    facts: {
      ...{ state: 'stuck', daemonAlive: false, localExists: false, hasUnsentRecord: false, localMatchesRecord: false },
      ...{ credentials: 'none', hasRefusedOperation: false, localMatchesRefused: false },
    },
  }
}
