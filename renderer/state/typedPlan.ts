import type { BulkPlan } from '../../shared/operations'

/** The pace of a bulk retry as it is typed. */
export interface TypedPlan {
  readonly canary: boolean
  readonly stopAfter: string
  readonly perSecond: string
}

/** From so many items on the first ones go ahead alone unless a person decides otherwise. */
const manyItems = 20

/** What a form for so many items begins with. */
export function firstPlan(count: number): TypedPlan {
  return { canary: count >= manyItems, stopAfter: '', perSecond: '' }
}

/** The plan that was typed; null while a number in it is none. */
export function toPlan({ canary, stopAfter, perSecond }: TypedPlan): BulkPlan | null {
  const stopAfterFailures = toNumber(stopAfter)
  const rate = toNumber(perSecond)
  const wrongStop = stopAfterFailures !== null && !(Number.isInteger(stopAfterFailures) && stopAfterFailures >= 1)
  const wrongRate = rate !== null && !(rate >= 0.01 && rate <= 100_000)
  return wrongStop || wrongRate ? null : { canary, stopAfterFailures, perSecond: rate }
}

function toNumber(text: string): number | null {
  return text.trim() === '' ? null : Number(text)
}
