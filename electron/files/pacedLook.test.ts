import { expect, onTestFinished, test } from 'vitest'
import { eventually } from './eventually.testkit'
import { createPacedLook, type PacedLook } from './pacedLook'

const never = 3_600_000

function makePaced({ pauseMs = never, restMs = 1 }: { readonly pauseMs?: number; readonly restMs?: number }): {
  readonly paced: PacedLook
  readonly looks: () => number
} {
  let looks = 0
  const look = async (): Promise<number> => {
    looks++
    return pauseMs
  }
  const paced = createPacedLook({ look, restMs })
  onTestFinished(paced.close)
  return { paced, looks: () => looks }
}

test('looks again after the pause that the last look asked for', async () => {
  const { paced, looks } = makePaced({ pauseMs: 1 })
  paced.start(0)
  await eventually('look 3', () => looks() > 3)
})

test('looks before its pause is over when it is told of a change', async () => {
  const { paced, looks } = makePaced({})
  paced.start(0)
  await eventually('look 1', () => looks() === 1)
  paced.tell()
  await eventually('look 2', () => looks() === 2)
})

test('looks once more when it is told during a look', async () => {
  let looks = 0
  const paced: PacedLook = createPacedLook({
    look: async () => {
      if (looks++ === 0) paced.tell()
      return never
    },
    restMs: 1,
  })
  onTestFinished(paced.close)
  paced.start(0)
  await eventually('look 2', () => looks === 2)
})

test('looks no more once it is closed, whoever tells', async () => {
  const { paced, looks } = makePaced({})
  const other = makePaced({ pauseMs: 1 })
  paced.start(0)
  await eventually('look 1', () => looks() === 1)
  paced.close()
  paced.tell()
  other.paced.start(0)
  await eventually('looks of another one, which is as quick', () => other.looks() > 3)
  expect(looks()).toBe(1)
})

test('looks before its pause is over when somebody comes to see it', async () => {
  let come = (): void => undefined
  let looks = 0
  const paced = createPacedLook({
    look: async () => {
      looks++
      return never
    },
    restMs: 1,
    onlooker: {
      isThere: () => false,
      onCome: (listener) => {
        come = listener
        return () => undefined
      },
    },
  })
  onTestFinished(paced.close)
  paced.start(0)
  await eventually('look 1', () => looks === 1)
  come()
  await eventually('look 2', () => looks === 2)
})
