import type { Bench } from './main'
import { toLimit, toRatio } from './measure'
import { takeSample } from './samples'

const items = 10_000

/** A bulk retry against the same requests in a bare loop, with the same number at a time and the same server. */
const retryWritebacks: Bench = async () => {
  const bare = takeSample('bareRetry', [String(items)])
  const ours = takeSample('retry', [String(items)])
  const aborted = takeSample('abortRetry', [String(items)])
  const perSecond = ({ ms = Number.NaN }: { readonly ms?: number }): number => (items * 1000) / ms
  const wrong = items - (ours.delivered ?? 0) + ((ours.most ?? 0) === 1 ? 0 : 1)
  return [
    toRatio(`retry of ${items} writebacks`, {
      value: perSecond(ours),
      unit: 'items/s',
      reference: { name: 'bare HTTP loop', value: perSecond(bare) },
      goal: 0.8,
      atLeast: true,
    }),
    toLimit(`retry of ${items}: begins within`, { value: ours.beginMs ?? Number.NaN, unit: 'ms', below: 200 }),
    toLimit(`retry of ${items}: longest stretch`, { value: ours.busyMs ?? Number.NaN, unit: 'ms', below: 50 }),
    toLimit(`retry of ${items}: not delivered, or twice`, { value: wrong, unit: 'items', below: 1 }),
    toLimit('abort of a bulk retry', { value: aborted.ms ?? Number.NaN, unit: 'ms', below: 1_000 }),
  ]
}

export const retryBenches: Readonly<Record<string, Bench>> = { retryWritebacks }
