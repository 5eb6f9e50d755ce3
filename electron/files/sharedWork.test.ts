import { expect, test } from 'vitest'
import { shareWork } from './sharedWork'

/** Work that goes on until it is told to end, or stopped. */
function makeWork() {
  let end = (_value: string): void => undefined
  const work = shareWork(
    (signal) =>
      new Promise<string>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        end = resolve
      }),
  )
  return { work, end }
}
const gone = new Error('gone')

test('who leaves hears why at once, and the work goes on for the one who stays', async () => {
  const { work, end } = makeWork()
  const leaving = new AbortController()
  const [left, stayed] = [work.join(leaving.signal), work.join(new AbortController().signal)]
  leaving.abort(gone)
  await expect(left).rejects.toBe(gone)
  end('done')
  expect([await stayed, work.isStopped()]).toEqual(['done', false])
})

test('work is stopped when the last one has left', async () => {
  const { work } = makeWork()
  const leaving = new AbortController()
  const left = work.join(leaving.signal)
  leaving.abort(gone)
  await Promise.allSettled([left, work.done])
  expect(work.isStopped()).toBe(true)
})

test('who joins without a signal keeps the work going', async () => {
  const { work, end } = makeWork()
  const leaving = new AbortController()
  const [left, stayed] = [work.join(leaving.signal), work.join()]
  leaving.abort(gone)
  end('done')
  expect([(await Promise.allSettled([left]))[0]?.status, await stayed]).toEqual(['rejected', 'done'])
})

test('who leaves after the end stops nothing', async () => {
  const { work, end } = makeWork()
  const leaving = new AbortController()
  const joined = work.join(leaving.signal)
  end('done')
  await joined
  leaving.abort(gone)
  expect(work.isStopped()).toBe(false)
})
