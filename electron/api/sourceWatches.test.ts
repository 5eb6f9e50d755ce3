import { expect, onTestFinished, test } from 'vitest'
import type { Watched } from '../../shared/sourceChannels'
import type { RunSource } from '../sources/source'
import { createSourceWatches } from './sourceWatches'

function openWatches() {
  const told: (readonly Watched[])[] = []
  const comers = new Set<() => void>()
  let isThere = true
  const watches = createSourceWatches({
    source: () => ({ watch: (watched) => told.push(watched) }) as Pick<RunSource, 'watch'> as RunSource,
    onlooker: {
      isThere: () => isThere,
      onCome: (listener) => {
        comers.add(listener)
        return () => comers.delete(listener)
      },
    },
  })
  onTestFinished(watches.close)
  const show = (now: boolean): void => {
    isThere = now
    if (now) for (const listener of comers) listener()
  }
  return { watches, told, show }
}

const runs: Watched = { kind: 'runs', view: 'all', where: {} }
const run: Watched = { kind: 'run', runId: 'a' }

test('a source is told what all askers look at, once, and when the last of them left', () => {
  const { watches, told } = openWatches()
  watches.set('source', 'one', runs)
  watches.set('source', 'two', runs)
  watches.set('source', 'three', run)
  watches.set('source', 'one', null)
  watches.set('source', 'two', null)
  watches.set('source', 'three', null)
  expect(told).toEqual([[runs], [runs, run], [run], []])
})

test('while no window is to be seen nothing is watched; when one comes, the same again', async () => {
  const { watches, told, show } = openWatches()
  watches.set('source', 'one', runs)
  show(false)
  await expect.poll(() => told).toEqual([[runs], []])
  show(true)
  expect(told).toEqual([[runs], [], [runs]])
})
