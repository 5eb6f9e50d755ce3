import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withFileLock } from './fileLock'
import { withMutex } from './mutex'
import { makeTemporaryFolder } from './temporaryFolder.testkit'

const tasks = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), turns: fc.nat(5), fails: fc.boolean() }), {
  maxLength: 30,
})

/** Runs the tasks at once, each through `run`; gives what happened, in order, and what came of each. */
async function runAll(
  all: readonly { readonly key: string; readonly turns: number; readonly fails: boolean }[],
  run: <T>(key: string, action: () => Promise<T>) => Promise<T>,
): Promise<{ readonly entered: readonly string[]; readonly most: number; readonly outcomes: readonly string[] }> {
  const entered: string[] = []
  const inside = new Map<string, number>()
  let most = 0
  const outcomes = await Promise.all(
    all.map(({ key, turns, fails }, index) =>
      run(key, async () => {
        entered.push(`${key}${index}`)
        inside.set(key, (inside.get(key) ?? 0) + 1)
        most = Math.max(most, inside.get(key) ?? 0)
        for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
        inside.set(key, (inside.get(key) ?? 0) - 1)
        if (fails) throw new Error(`failed ${index}`)
        return `done ${index}`
      }).catch((error: Error) => error.message),
    ),
  )
  return { entered, most, outcomes }
}

test('actions of one key run one after the other in the order of their calls, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(tasks, async (all) => {
      const { entered, most, outcomes } = await runAll(all, withMutex)
      for (const key of ['a', 'b', 'c']) {
        const wanted = all.flatMap((task, index) => (task.key === key ? [`${key}${index}`] : []))
        expect(entered.filter((name) => name.startsWith(key))).toEqual(wanted)
      }
      expect(most).toBeLessThanOrEqual(1)
      expect(outcomes).toEqual(all.map(({ fails }, index) => (fails ? `failed ${index}` : `done ${index}`)))
    }),
  )
})

test('one key does not wait for another', async () => {
  let letGo = (): void => undefined
  const held = withMutex('slow', () => new Promise<void>((resolve) => (letGo = resolve)))
  expect(await withMutex('fast', async () => 'done')).toBe('done')
  letGo()
  await held
})

test('a file lock keeps the same order within a process, and leaves nothing behind', async () => {
  const folder = await makeTemporaryFolder()
  await fc.assert(
    fc.asyncProperty(tasks, async (all) => {
      const { entered, most } = await runAll(all, (key, action) => withFileLock(join(folder, `${key}.lock`), action))
      for (const key of ['a', 'b', 'c']) {
        const wanted = all.flatMap((task, index) => (task.key === key ? [`${key}${index}`] : []))
        expect(entered.filter((name) => name.startsWith(key))).toEqual(wanted)
      }
      expect([most <= 1, await readdir(folder)]).toEqual([true, []])
    }),
    { numRuns: 30 },
  )
})
