import { setTimeout as wait } from 'node:timers/promises'
import { DBOS } from '@dbos-inc/dbos-sdk'

/** A step that takes a while, as calls of other systems do, and gives a value or fails. */
export function step<T>(
  name: string,
  body: () => T,
  { ms = 250, tries = 1 }: { readonly ms?: number; readonly tries?: number } = {},
): Promise<T> {
  return DBOS.runStep(
    async () => {
      await wait(ms * (0.6 + Math.random() * 0.8))
      return body()
    },
    { name, retriesAllowed: tries > 1, maxAttempts: tries, intervalSeconds: 0.2, backoffRate: 1.5 },
  )
}

/** What goes wrong in a demo. */
export function fail(message: string): never {
  throw new Error(message)
}
